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
import { constantAt } from "./arguments.ts";
import { type Emitter, transformOutput } from "./transforms.ts";
import { Assembly, type Vectors } from "./assembly.ts";

/** Bytes of a thread's own memory. */
export function convolveScratch(vectors: Vectors, inputBlocks: number): number {
  return rowsBytes(vectors) + (1 + inputBlocks) * blockBytes(vectors);
}

/**
 * The program that convolves a tensor by transformed kernels: the forward
 * pass, and, with kernels turned around, the gradient by the input.
 *
 * For each strip: transforms the input, multiplies for each of the 36 products
 * its windows by the kernels of one block of output channels, and transforms
 * the sums to 4×4 pixels; adds the bias and cuts at the floor.
 *
 * @param windows Windows of a strip; fewer than 16 take less time.
 */
export function convolveProgram(
  vectors: Vectors,
  windows: number,
): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors };
  const sums = rowsBytes(vectors), inputs = sums + blockBytes(vectors);
  begin(emitter);
  forEachPiece(emitter, () => {
    placeStrip(emitter, windows);
    assembly.emit(`lea rax, [rbp+${inputs}]`, `mov ${local("inputs")}, rax`);
    readWindows(emitter, local("inputs"));
    assembly.emit(
      `mov rax, ${argument("kernel")}`,
      `mov ${local("kernel")}, rax`,
      `lea rax, [rbp+${sums}]`,
      `mov ${local("sums")}, rax`,
    );
    forEachBlock(emitter, "target", () => {
      multiply(emitter, { sums, inputs, windows });
      forEachRow(emitter, () => writeRow(emitter, local("sums")));
    });
  });
  end(emitter);
  return assembly.bytes();
}

/** The 36 products of a block of output channels. */
function multiply(
  emitter: Emitter,
  { sums, inputs, windows }: {
    readonly sums: number;
    readonly inputs: number;
    readonly windows: number;
  },
): void {
  const { assembly, vectors: { bytes } } = emitter;
  assembly.emit(
    `lea r12, [rbp+${inputs}]`,
    `lea r13, [rbp+${sums}]`,
    `mov rsi, ${local("kernel")}`,
    `mov r11, ${products}`,
  );
  assembly.repeat("r11", () => {
    multiplyWindows(emitter, windows);
    assembly.emit(
      `add r12, ${stripWindows * bytes}`,
      `add r13, ${stripWindows * bytes}`,
    );
  });
  assembly.emit(`mov ${local("kernel")}, rsi`);
}

/**
 * One product of a block of output channels: the windows at r12 by the kernels
 * at rsi, which moves on to those of the next product, added up in registers
 * and stored at r13. Changes rax, rcx and r15.
 */
export function multiplyWindows(
  { assembly, vectors }: Emitter,
  windows: number,
): void {
  const { bytes, lanes, register: r, broadcast } = vectors;
  const unrolled = 4;
  for (let window = 0; window < windows; window++) {
    assembly.emit(`vpxord ${r(window)}, ${r(window)}, ${r(window)}`);
  }
  assembly.emit("mov rax, r12", `mov r15, ${argument("sourceBlocks")}`);
  assembly.repeat("r15", () => {
    assembly.emit(`mov rcx, ${lanes / unrolled}`);
    assembly.repeat("rcx", () => {
      for (let channel = 0; channel < unrolled; channel++) {
        const weights = r(31 - channel);
        assembly.emit(`vmovups ${weights}, [rsi+${channel * bytes}]`);
        for (let window = 0; window < windows; window++) {
          const input = `[rax+${window * bytes + 4 * channel}]${broadcast}`;
          assembly.emit(`vfmadd231ps ${r(window)}, ${weights}, ${input}`);
        }
      }
      assembly.emit(`add rax, ${4 * unrolled}`, `add rsi, ${unrolled * bytes}`);
    });
    assembly.emit(`add rax, ${products * stripWindows * bytes - bytes}`);
  });
  for (let window = 0; window < windows; window++) {
    assembly.emit(`vmovups [r13+${window * bytes}], ${r(window)}`);
  }
}

/**
 * Transforms the sums of a row of windows, and writes 4×4 pixels of each.
 *
 * @param sums Where the strip's sums lie.
 */
export function writeRow(emitter: Emitter, sums: string): void {
  const { assembly, vectors: { bytes, register: r } } = emitter;
  const columns = ["[rcx]", "[rcx+r8]", "[rcx+r8*2]", "[rcx+r9]"];
  addressOfTarget(emitter);
  assembly.emit(
    `mov r8, ${argument("targetColumn")}`,
    "lea r9, [r8+r8*2]",
    `mov r10, ${argument("targetRow")}`,
    `mov rdx, ${local("channel")}`,
    `imul rdx, rdx, ${bytes}`,
    `add rdx, ${argument("bias")}`,
    `mov r12, ${local("row")}`,
    `imul r12, ${local("windows")}`,
    `imul r12, r12, ${bytes}`,
    `add r12, ${sums}`,
    `mov r11, ${local("windows")}`,
  );
  assembly.repeat("r11", () => {
    const register = (row: number, column: number) => 8 + row * 6 + column;
    for (let j = 0; j < 6; j++) {
      for (let i = 0; i < 6; i++) {
        const from = (i * 6 + j) * stripWindows * bytes;
        assembly.emit(`vmovups ${r(i)}, [r12+${from}]`);
      }
      transformOutput(
        emitter,
        [0, 1, 2, 3].map((row) => register(row, j)) as [
          number,
          number,
          number,
          number,
        ],
      );
    }
    assembly.emit("mov rcx, r13");
    for (let row = 0; row < 4; row++) {
      for (let j = 0; j < 6; j++) {
        assembly.emit(`vmovaps ${r(j)}, ${r(register(row, j))}`);
      }
      const results = [0, 1, 2, 3].map((column) => register(row, column)) as [
        number,
        number,
        number,
        number,
      ];
      transformOutput(emitter, results);
      // NaN passes, for it is the second of the two.
      assembly.emit(
        `vmovups ${r(0)}, [rdx]`,
        `vbroadcastss ${r(1)}, [rbx+${constantAt.floor}]`,
      );
      results.forEach((result, column) =>
        assembly.emit(
          `vaddps ${r(result)}, ${r(result)}, ${r(0)}`,
          `vmaxps ${r(result)}, ${r(1)}, ${r(result)}`,
          `vmovups ${columns[column]}, ${r(result)}`,
        )
      );
      if (row < 3) assembly.emit("add rcx, r10");
    }
    assembly.emit(`add r12, ${bytes}`, "lea r13, [r13+r8*4]");
  });
}
