import {
  addressOf,
  argument,
  blockBytes,
  columnBytes,
  forEachBlock,
  forEachRow,
  local,
  steps,
  stripWindows,
} from "./strips.ts";
import {
  type Emitter,
  loadInputConstants,
  transformInput,
} from "./transforms.ts";

/**
 * Reads the 6×6 pixels around each of the strip's windows, zero beyond the
 * image, transforms them, and stores `[block][product][window]`.
 *
 * @param at Where the result lies, from rbp on; intermediate rows lie at rbp.
 */
export function readWindows(emitter: Emitter, at: string): void {
  const { assembly, vectors } = emitter;
  const { bytes, register: r } = vectors, column = columnBytes(vectors);
  const zeros = (): void => {
    for (let i = 0; i < 6; i++) {
      assembly.emit(`vmovups [rsi+${i * column}], ${r(15)}`);
    }
    assembly.emit(`add rsi, ${bytes}`);
  };
  loadInputConstants(emitter);
  const readRow = (): void => {
    addressOfRows(emitter);
    assembly.emit("mov rsi, rbp", `mov rdx, ${local("leading")}`);
    assembly.repeat("rdx", zeros);
    assembly.emit(
      `mov rdx, ${local("middle")}`,
      "xor ecx, ecx",
      `mov rax, ${local("fromColumn")}`,
    );
    assembly.repeat("rdx", () => {
      transformInput(
        emitter,
        (i) => `[r${8 + i}+rcx]`,
        (i) => `[rsi+${i * column}]`,
      );
      assembly.emit("add rcx, rax", `add rsi, ${bytes}`);
    });
    assembly.emit(`mov rdx, ${local("trailing")}`);
    assembly.repeat("rdx", zeros);
    // Along the rows.
    assembly.emit(
      `mov rdi, ${local("channel")}`,
      `imul rdi, rdi, ${blockBytes(vectors)}`,
      `add rdi, ${at}`,
      `mov rax, ${local("row")}`,
      `imul rax, ${local("windows")}`,
      `imul rax, rax, ${bytes}`,
      "add rdi, rax",
      "mov rsi, rbp",
      `mov rdx, ${local("windows")}`,
    );
    assembly.repeat("rdx", () => {
      assembly.emit("mov rax, rsi", "mov rcx, rdi", "mov r8, 6");
      assembly.repeat("r8", () => {
        transformInput(
          emitter,
          (j) => `[rax+${j * bytes}]`,
          (j) => `[rcx+${j * stripWindows * bytes}]`,
        );
        assembly.emit(
          `add rax, ${column}`,
          `add rcx, ${6 * stripWindows * bytes}`,
        );
      });
      assembly.emit(`add rsi, ${4 * bytes}`, `add rdi, ${bytes}`);
    });
  };
  forEachBlock(emitter, "source", () => {
    chooseSource(emitter);
    forEachRow(emitter, readRow);
  });
}

/** r8 to r13 = where the six rows of pixels begin; zeros beyond the image. */
function addressOfRows(emitter: Emitter): void {
  const { assembly } = emitter;
  assembly.emit(
    `mov rdi, ${local("firstColumn")}`,
    "xor eax, eax",
    "sub rdi, 1",
    "cmovs rdi, rax",
    `mov rcx, ${local("block")}`,
  );
  addressOf(emitter, (step) => local(`from${step}`));
  assembly.emit(
    `mov rdi, ${argument("zeros")}`,
    `mov rsi, ${local("imageRow")}`,
    "shl rsi, 2",
    "sub rsi, 1",
    `mov r14, ${local("fromRow")}`,
    `mov r15, ${argument("height")}`,
  );
  for (let i = 0; i < 6; i++) {
    const row = `r${8 + i}`;
    assembly.emit(
      `mov ${row}, rsi`,
      `imul ${row}, r14`,
      `add ${row}, rax`,
      // As unsigned numbers, rows before the image are far beyond it.
      "cmp rsi, r15",
      `cmovae ${row}, rdi`,
      "add rsi, 1",
    );
  }
}

/** Finds out in which tensor block `channel` of the source lies, and where. */
function chooseSource({ assembly }: Emitter): void {
  const second = assembly.label("second"), chosen = assembly.label("chosen");
  const take = (tensor: "source" | "second"): void => {
    for (const step of steps) {
      assembly.emit(
        `mov rax, ${argument(`${tensor}${step}`)}`,
        `mov ${local(`from${step}`)}, rax`,
      );
    }
  };
  assembly.emit(
    `mov rcx, ${local("channel")}`,
    `mov rdx, ${argument("firstBlocks")}`,
    "cmp rcx, rdx",
    `jge ${second}`,
  );
  take("source");
  assembly.emit(`jmp ${chosen}`, `${second}:`, "sub rcx, rdx");
  take("second");
  assembly.emit(`${chosen}:`, `mov ${local("block")}, rcx`);
}
