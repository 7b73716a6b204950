import { Assembly, type Vectors } from "./assembly.ts";
import {
  addressOfTarget,
  argument,
  begin,
  blockBytes,
  end,
  forEachBlock,
  forEachPiece,
  forEachRow,
  local,
  placeStrip,
  products,
  rowsBytes,
  stripWindows,
} from "./strips.ts";
import { readWindows } from "./read_windows.ts";
import { type Emitter, transformGradient } from "./transforms.ts";

/** Bytes of a thread's own memory. */
export function weightsScratch(vectors: Vectors, blocks: number): number {
  return rowsBytes(vectors) + blocks * blockBytes(vectors);
}

/**
 * The program that sums up the gradient by the kernels, still as products:
 * `[product][input][output]`. The input is the source, the gradient by the
 * output the target.
 *
 * A piece of work is a share of all strips and has sums of its own, so that
 * the result does not depend on which thread takes which piece.
 */
export function weightsProgram(vectors: Vectors): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors };
  const strip = assembly.label("strip"), summed = assembly.label("summed");
  begin(emitter);
  forEachPiece(emitter, () => {
    assembly.emit(
      "mov rdi, rax",
      `imul rdi, ${argument("sumsBytes")}`,
      `add rdi, ${argument("sums")}`,
      `mov ${local("sums")}, rdi`,
      // This piece's first strip, and the next one's.
      "mov rcx, rax",
      `imul rax, ${argument("allStrips")}`,
      "xor edx, edx",
      `div qword ptr ${argument("pieces")}`,
      `mov ${local("strip")}, rax`,
      "lea rax, [rcx+1]",
      `imul rax, ${argument("allStrips")}`,
      "xor edx, edx",
      `div qword ptr ${argument("pieces")}`,
      `mov ${local("lastStrip")}, rax`,
    );
    clearSums(emitter);
    assembly.emit(
      `${strip}:`,
      `mov rax, ${local("strip")}`,
      `cmp rax, ${local("lastStrip")}`,
      `jge ${summed}`,
    );
    placeStrip(emitter, stripWindows);
    // The gradient's blocks lie first, the input's after them.
    assembly.emit(
      `mov rax, ${argument("targetBlocks")}`,
      `imul rax, rax, ${blockBytes(vectors)}`,
      `lea rax, [rax+rbp+${rowsBytes(vectors)}]`,
      `mov ${local("kernel")}, rax`,
    );
    readWindows(emitter, local("kernel"));
    readGradients(emitter);
    addProducts(emitter);
    assembly.emit(
      `mov rax, ${local("strip")}`,
      "add rax, 1",
      `mov ${local("strip")}, rax`,
      `jmp ${strip}`,
      `${summed}:`,
    );
  });
  end(emitter);
  return assembly.bytes();
}

/** Zeros from rdi on. */
function clearSums({ assembly, vectors }: Emitter): void {
  const { bytes, register: r } = vectors;
  assembly.emit(
    `vpxord ${r(16)}, ${r(16)}, ${r(16)}`,
    `mov rax, ${argument("sumsBytes")}`,
    "xor edx, edx",
    `mov rcx, ${bytes}`,
    "div rcx",
  );
  assembly.repeat("rax", () => {
    assembly.emit(`vmovups [rdi], ${r(16)}`, `add rdi, ${bytes}`);
  });
}

/** Transforms the gradients of 4×4 pixels: `[block][product][window]`. */
function readGradients(emitter: Emitter): void {
  const { assembly, vectors } = emitter;
  const { bytes, register: r } = vectors, step = stripWindows * bytes;
  const rows = ["rcx", "rdx", "rsi", "rax"];
  const columns = ["", "+r8", "+r8*2", "+r9"];
  const readRow = (): void => {
    addressOfTarget(emitter);
    assembly.emit(
      `mov r8, ${argument("targetColumn")}`,
      "lea r9, [r8+r8*2]",
      `mov r10, ${argument("targetRow")}`,
      "lea r14, [r10+r10*2]",
      `mov rdi, ${local("channel")}`,
      `imul rdi, rdi, ${blockBytes(vectors)}`,
      `mov rax, ${local("row")}`,
      `imul rax, ${local("windows")}`,
      `imul rax, rax, ${bytes}`,
      "add rdi, rax",
      `lea rdi, [rdi+rbp+${rowsBytes(vectors)}]`,
      `mov r11, ${local("windows")}`,
    );
    assembly.repeat("r11", () => {
      assembly.emit(
        "mov rcx, r13",
        "lea rdx, [rcx+r10]",
        "lea rsi, [rcx+r10*2]",
        "lea rax, [rcx+r14]",
      );
      const register = (row: number, column: number) => 8 + 4 * row + column;
      for (let j = 0; j < 4; j++) {
        rows.forEach((row, i) =>
          assembly.emit(`vmovups ${r(i)}, [${row}${columns[j]}]`)
        );
        transformGradient(emitter, [0, 1, 2, 3], [
          register(1, j),
          register(2, j),
          register(3, j),
          register(4, j),
        ]);
        assembly.emit(
          `vmovaps ${r(register(0, j))}, ${r(0)}`,
          `vmovaps ${r(register(5, j))}, ${r(3)}`,
        );
      }
      for (let i = 0; i < 6; i++) {
        const first = register(i, 0), last = register(i, 3);
        transformGradient(
          emitter,
          [first, register(i, 1), register(i, 2), last],
          [0, 1, 2, 3],
        );
        [first, 0, 1, 2, 3, last].forEach((from, j) =>
          assembly.emit(`vmovups [rdi+${(6 * i + j) * step}], ${r(from)}`)
        );
      }
      assembly.emit("lea r13, [r13+r8*4]", `add rdi, ${bytes}`);
    });
  };
  forEachBlock(emitter, "target", () => forEachRow(emitter, readRow));
}

/** Adds the strip's products of inputs and gradients to the sums. */
function addProducts({ assembly, vectors }: Emitter): void {
  const { bytes, lanes, register: r, broadcast } = vectors;
  const step = stripWindows * bytes;
  const block = products * step, gradient = r(31);
  const each = (body: (sum: string, place: string) => void): void => {
    assembly.emit("mov rax, r15");
    for (let input = 0; input < lanes; input++) {
      body(r(input), "[rax]");
      if (input < lanes - 1) assembly.emit("add rax, r14");
    }
  };
  assembly.emit(
    `mov r8, ${local("sums")}`,
    `lea r10, [rbp+${rowsBytes(vectors)}]`,
    `mov r9, ${local("kernel")}`,
    `mov r14, ${argument("targetBlocks")}`,
    `imul r14, r14, ${bytes}`,
    `mov r11, ${products}`,
  );
  assembly.repeat("r11", () => {
    assembly.emit("mov r12, r9", `mov rcx, ${argument("sourceBlocks")}`);
    assembly.repeat("rcx", () => {
      assembly.emit(
        "mov r13, r10",
        "mov r15, r8",
        `mov rdx, ${argument("targetBlocks")}`,
      );
      assembly.repeat("rdx", () => {
        each((sum, place) => assembly.emit(`vmovups ${sum}, ${place}`));
        assembly.emit(
          "mov rsi, r12",
          "mov rdi, r13",
          `mov rax, ${local("allWindows")}`,
        );
        assembly.repeat("rax", () => {
          assembly.emit(`vmovups ${gradient}, [rdi]`);
          for (let input = 0; input < lanes; input++) {
            const factor = `[rsi+${4 * input}]${broadcast}`;
            assembly.emit(`vfmadd231ps ${r(input)}, ${gradient}, ${factor}`);
          }
          assembly.emit(`add rsi, ${bytes}`, `add rdi, ${bytes}`);
        });
        each((sum, place) => assembly.emit(`vmovups ${place}, ${sum}`));
        assembly.emit(`add r15, ${bytes}`, `add r13, ${block}`);
      });
      assembly.emit(
        "mov rax, r14",
        `imul rax, rax, ${lanes}`,
        "add r8, rax",
        `add r12, ${block}`,
      );
    });
    assembly.emit(`add r9, ${step}`, `add r10, ${step}`);
  });
}
