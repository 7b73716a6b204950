import { Assembly, type Vectors } from "./assembly.ts";
import { lanesPlace } from "./arguments.ts";
import { argument, begin, end, forEachPiece, products } from "./strips.ts";
import {
  type Emitter,
  transformKernel,
  transformKernelGradient,
} from "./transforms.ts";

/**
 * The program that transforms kernels of 3×3 to
 * `[block of outputs][product][input][output of the block]`.
 *
 * A piece of work is one input channel of one block of output channels. What
 * is input, output, and the first of the nine numbers follows from the
 * arguments, so that the same program turns kernels around.
 */
export function kernelProgram(vectors: Vectors): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors };
  const { bytes, register: r } = vectors;
  begin(emitter);
  forEachPiece(emitter, () => {
    assembly.emit(
      // rcx = block, rdx = input.
      "xor edx, edx",
      `div qword ptr ${argument("inputs")}`,
      "mov rcx, rax",
      `mov rsi, ${argument("source")}`,
      "mov rax, rcx",
      `imul rax, ${argument("block")}`,
      "add rsi, rax",
      "mov rax, rdx",
      `imul rax, ${argument("input")}`,
      "add rsi, rax",
      // Result: products lie inputs · bytes apart.
      `mov r8, ${argument("inputs")}`,
      `imul r8, r8, ${bytes}`,
      "mov rdi, r8",
      `imul rdi, rdi, ${products}`,
      "imul rdi, rcx",
      `imul rdx, rdx, ${bytes}`,
      "add rdi, rdx",
      `add rdi, ${argument("target")}`,
      `mov r9, ${argument("tap")}`,
      `vmovups ${r(13)}, [rbx+${lanesPlace}]`,
    );
    transformTaps(emitter);
  });
  end(emitter);
  return assembly.bytes();
}

/**
 * Transforms kernels of 3×3 whose first number is at rsi and whose others
 * follow after r9 bytes each, one for each lane of register 13; the first
 * product goes to rdi, the others after r8 bytes each. Changes rax, rsi, rdi.
 */
export function transformTaps(emitter: Emitter): void {
  const { assembly, vectors: { register: r } } = emitter;
  const register = (row: number, column: number) => 14 + 3 * row + column;
  for (let column = 0; column < 3; column++) {
    assembly.emit("mov rax, rsi");
    for (let row = 0; row < 3; row++) {
      assembly.emit(
        "kxnorw k1, k1, k1",
        `vgatherdps ${r(row)}{k1}, [rax+${r(13)}]`,
      );
      if (row < 2) assembly.emit("lea rax, [rax+r9*2]", "add rax, r9");
    }
    transformKernel(
      emitter,
      [0, 1, 2, 3, 4, 5].map((row) => register(row, column)),
    );
    assembly.emit("add rsi, r9");
  }
  for (let row = 0; row < 6; row++) {
    for (let column = 0; column < 3; column++) {
      assembly.emit(`vmovaps ${r(column)}, ${r(register(row, column))}`);
    }
    const results = [6, 7, 8, 9, 10, 11];
    transformKernel(emitter, results);
    for (const result of results) {
      assembly.emit(`vmovups [rdi], ${r(result)}`, "add rdi, r8");
    }
  }
}

/**
 * The program that adds up the parts of the gradient by the kernels and turns
 * its products into 3×3: `[3][3][input][output]`.
 *
 * A piece of work is one input channel of one block of output channels.
 */
export function kernelGradientProgram(
  vectors: Vectors,
): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors };
  const { bytes, register: r } = vectors;
  const register = (row: number, column: number) => 8 + 6 * row + column;
  begin(emitter);
  forEachPiece(emitter, () => {
    assembly.emit(
      // rax = input, rdx = block.
      "xor edx, edx",
      `div qword ptr ${argument("blocks")}`,
      `mov r8, ${argument("blocks")}`,
      `imul r8, r8, ${bytes}`,
      "imul rax, r8",
      `imul rdx, rdx, ${bytes}`,
      "add rax, rdx",
      // Products, as well as the nine numbers, lie r9 bytes apart.
      `mov r9, ${argument("inputs")}`,
      "imul r9, r8",
      `mov rdi, ${argument("target")}`,
      "add rdi, rax",
      `mov rsi, ${argument("sums")}`,
      "add rsi, rax",
      "mov r11, r9",
      "imul r11, r11, 6",
    );
    for (let column = 0; column < 6; column++) {
      for (let row = 0; row < 6; row++) {
        assembly.emit(`vxorps ${r(row)}, ${r(row)}, ${r(row)}`);
      }
      assembly.emit("mov r10, rsi", `mov rcx, ${argument("parts")}`);
      assembly.repeat("rcx", () => {
        assembly.emit("mov rax, r10");
        for (let row = 0; row < 6; row++) {
          assembly.emit(`vaddps ${r(row)}, ${r(row)}, [rax]`, "add rax, r11");
        }
        assembly.emit(`add r10, ${argument("sumsBytes")}`);
      });
      transformKernelGradient(emitter, [
        register(0, column),
        register(1, column),
        register(2, column),
      ]);
      assembly.emit("add rsi, r9");
    }
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 6; column++) {
        assembly.emit(`vmovaps ${r(column)}, ${r(register(row, column))}`);
      }
      const results = [26, 27, 28] as const;
      transformKernelGradient(emitter, results);
      for (const result of results) {
        assembly.emit(`vmovups [rdi], ${r(result)}`, "add rdi, r9");
      }
    }
  });
  end(emitter);
  return assembly.bytes();
}
