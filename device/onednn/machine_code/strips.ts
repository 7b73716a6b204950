/**
 * A strip is what a thread works on at a time: up to 16 windows of 4×4 pixels
 * side by side, or, where rows are short, the windows of several whole rows.
 *
 * Register rbx holds the arguments, rbp the thread's own memory, rsp what a
 * strip is made of.
 *
 * @module
 */
import type { Vectors } from "./assembly.ts";
import { type Argument, placeOf } from "./arguments.ts";
import {
  type Emitter,
  loadInputConstants,
  transformInput,
} from "./transforms.ts";

/** The most windows of a strip, and as many results in registers. */
export const stripWindows = 16;

/** Products of a window: the 6×6 that 4×4 outputs are made of. */
export const products = 36;

/** What a program remembers of its strip, each in 8 bytes from rsp on. */
const locals = [
  ...["firstRow", "rows", "row", "firstColumn", "windows"],
  ...["channel", "image", "imageRow", "leading", "middle", "trailing"],
  ...["kernel", "sums", "strip", "lastStrip", "allWindows"],
] as const;

/** Bytes of the stack that locals take. */
const stack = 8 * (locals.length + (locals.length & 1));

/** Where a local lies. */
export function local(name: typeof locals[number]): string {
  return `[rsp+${8 * locals.indexOf(name)}]`;
}

/** Where an argument lies. */
export function argument(name: Argument): string {
  return `[rbx+${placeOf[name]}]`;
}

const saved = ["rbx", "rbp", "r12", "r13", "r14", "r15"];

/** Begins a program: its only parameter is where the arguments lie. */
export function begin({ assembly }: Emitter): void {
  assembly.emit(
    ...saved.map((register) => `push ${register}`),
    `sub rsp, ${stack}`,
    "mov rbx, rdi",
    "mov rax, 1",
    `lock xadd ${argument("threads")}, rax`,
    `imul rax, ${argument("scratchBytes")}`,
    `add rax, ${argument("scratch")}`,
    "mov rbp, rax",
  );
}

/** Ends a program. */
export function end({ assembly }: Emitter): void {
  assembly.emit(
    "vzeroupper",
    `add rsp, ${stack}`,
    ...saved.toReversed().map((register) => `pop ${register}`),
    "ret",
  );
}

/** Runs `body` on every piece of work, which rax counts, until none is left. */
export function forEachPiece(emitter: Emitter, body: () => void): void {
  const { assembly } = emitter;
  const next = assembly.label("next"), done = assembly.label("done");
  assembly.emit(
    `${next}:`,
    "mov rax, 1",
    `lock xadd ${argument("counter")}, rax`,
    `cmp rax, ${argument("pieces")}`,
    `jge ${done}`,
  );
  body();
  assembly.emit(`jmp ${next}`, `${done}:`);
}

/** Finds out what the strip of number rax is made of. */
export function placeStrip({ assembly }: Emitter): void {
  assembly.emit(
    "xor edx, edx",
    `div qword ptr ${argument("strips")}`,
    `imul rdx, rdx, ${stripWindows}`,
    `imul rax, ${argument("rowsPerStrip")}`,
    `mov ${local("firstRow")}, rax`,
    // Windows a row.
    `mov rcx, ${argument("windowColumns")}`,
    "sub rcx, rdx",
    `mov rsi, ${stripWindows}`,
    "cmp rcx, rsi",
    "cmovg rcx, rsi",
    `mov ${local("windows")}, rcx`,
    "shl rdx, 2",
    `mov ${local("firstColumn")}, rdx`,
    // Rows.
    `mov rdx, ${argument("allRows")}`,
    "sub rdx, rax",
    `mov rsi, ${argument("rowsPerStrip")}`,
    "cmp rdx, rsi",
    "cmovg rdx, rsi",
    `mov ${local("rows")}, rdx`,
    "imul rcx, rdx",
    `mov ${local("allWindows")}, rcx`,
    // Columns that are read: one before the image at most, and one after it.
    `mov rdi, ${local("firstColumn")}`,
    "xor edx, edx",
    "mov rsi, 1",
    "xor r8d, r8d",
    "sub rdi, 1",
    "cmovs rdi, r8",
    "cmovs rdx, rsi",
    `mov ${local("leading")}, rdx`,
    `mov rax, ${local("windows")}`,
    "shl rax, 2",
    `mov rcx, ${local("firstColumn")}`,
    "lea rcx, [rcx+rax+1]",
    `mov rsi, ${argument("width")}`,
    "cmp rcx, rsi",
    "cmovg rcx, rsi",
    "sub rcx, rdi",
    `mov ${local("middle")}, rcx`,
    "add rax, 2",
    "sub rax, rdx",
    "sub rax, rcx",
    `mov ${local("trailing")}, rax`,
  );
}

/** Runs `body` on each of the strip's rows, in image `image`, `imageRow`. */
export function forEachRow(
  { assembly }: Emitter,
  body: () => void,
): void {
  const again = assembly.label("row");
  assembly.emit(
    "xor eax, eax",
    `mov ${local("row")}, rax`,
    `${again}:`,
    `add rax, ${local("firstRow")}`,
    "xor edx, edx",
    `div qword ptr ${argument("windowRows")}`,
    `mov ${local("image")}, rax`,
    `mov ${local("imageRow")}, rdx`,
  );
  body();
  assembly.emit(
    `mov rax, ${local("row")}`,
    "add rax, 1",
    `mov ${local("row")}, rax`,
    `cmp rax, ${local("rows")}`,
    `jl ${again}`,
  );
}

/** A tensor of the arguments. */
export type Tensor = "source" | "target";

/** Runs `body` on each block of a tensor's channels, which `channel` counts. */
export function forEachBlock(
  { assembly }: Emitter,
  tensor: Tensor,
  body: () => void,
): void {
  const again = assembly.label("block");
  assembly.emit("xor eax, eax", `mov ${local("channel")}, rax`, `${again}:`);
  body();
  assembly.emit(
    `mov rax, ${local("channel")}`,
    "add rax, 1",
    `mov ${local("channel")}, rax`,
    `cmp rax, ${argument(`${tensor}Blocks`)}`,
    `jl ${again}`,
  );
}

/**
 * rax = where a block of channels of a row of windows begins: of the block
 * that rcx counts, and of pixel column rdi. Changes rcx, rdx and rdi.
 */
export function addressOf({ assembly }: Emitter, tensor: Tensor): void {
  assembly.emit(
    `mov rax, ${local("image")}`,
    `imul rax, ${argument(`${tensor}Image`)}`,
    `add rax, ${argument(tensor)}`,
    "mov rdx, rcx",
    "and rdx, 1",
    "shr rcx, 1",
    `imul rcx, ${argument(`${tensor}Pair`)}`,
    `imul rdx, ${argument(`${tensor}Odd`)}`,
    "add rax, rcx",
    "add rax, rdx",
    `imul rdi, ${argument(`${tensor}Column`)}`,
    "add rax, rdi",
  );
}

/** Bytes of the rows that {@linkcode readWindows} keeps in between. */
export function rowsBytes({ bytes }: Vectors): number {
  return 6 * columnBytes(bytes);
}

function columnBytes(vector: number): number {
  return (4 * stripWindows + 2) * vector;
}

/** Bytes of one block of channels of a strip, turned into products. */
export function blockBytes({ bytes }: Vectors): number {
  return products * stripWindows * bytes;
}

/**
 * Reads the 6×6 pixels around each of the strip's windows, zero beyond the
 * image, transforms them, and stores `[block][product][window]`.
 *
 * @param at Where the result lies, from rbp on; intermediate rows lie at rbp.
 */
export function readWindows(emitter: Emitter, at: string): void {
  const { assembly, vectors } = emitter;
  const { bytes, register: r } = vectors, column = columnBytes(bytes);
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
      `mov rax, ${argument("sourceColumn")}`,
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
  forEachBlock(emitter, "source", () => forEachRow(emitter, readRow));
}

/** r8 to r13 = where the six rows of pixels begin; zeros beyond the image. */
function addressOfRows(emitter: Emitter): void {
  const { assembly } = emitter;
  assembly.emit(
    `mov rdi, ${local("firstColumn")}`,
    "xor eax, eax",
    "sub rdi, 1",
    "cmovs rdi, rax",
    `mov rcx, ${local("channel")}`,
  );
  addressOf(emitter, "source");
  assembly.emit(
    `mov rdi, ${argument("zeros")}`,
    `mov rsi, ${local("imageRow")}`,
    "shl rsi, 2",
    "sub rsi, 1",
    `mov r14, ${argument("sourceRow")}`,
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

/** r13 = the first pixel of the block of the target, in this row. */
export function addressOfTarget(emitter: Emitter): void {
  const { assembly } = emitter;
  assembly.emit(
    `mov rdi, ${local("firstColumn")}`,
    `mov rcx, ${local("channel")}`,
  );
  addressOf(emitter, "target");
  assembly.emit(
    `mov rcx, ${local("imageRow")}`,
    "shl rcx, 2",
    `imul rcx, ${argument("targetRow")}`,
    "lea r13, [rax+rcx]",
  );
}
