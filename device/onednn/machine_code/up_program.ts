/**
 * The program of an up-convolution: a transposed convolution of 2×2 with
 * stride 2, and another feature map copied behind its channels.
 *
 * @module
 */
import { Assembly, vectorsOf } from "./assembly.ts";
import { parametersOf } from "./parameters.ts";
import { begin, end, forEachPiece } from "./strips.ts";
import type { Emitter } from "./transforms.ts";

/** What a program is given. */
export const upParameters = parametersOf([
  // The rows and columns of the source.
  ...["height", "width"] as const,
  // The source: bytes from one to the next; a step of channels, and steps.
  ...["source", "sourceColumn", "sourceRow", "sourceImage"] as const,
  ...["sourceStep", "steps"] as const,
  // The target, and its blocks of channels that are convolved.
  ...["target", "targetColumn", "targetRow", "targetImage"] as const,
  ...["targetBlock", "blocks"] as const,
  // The other feature map, of the target's size; where its channels go.
  ...["skip", "skipColumn", "skipRow", "skipImage", "skipBlock"] as const,
  ...["skipBlocks", "skipTarget", "skipTargetBlock"] as const,
  ...["kernel", "bias"] as const,
]);

/** How tensors lie, which programs differ by. */
export interface UpVariant {
  /** Output channels of a block. */
  readonly lanes: 8 | 16;
  /** Input channels of a step. */
  readonly step: 8 | 16;
  /** Channels of the other feature map that lie together; 0 copies none. */
  readonly chunk: 0 | 8 | 16;
}

/** Pixels of the source that are in registers at a time. */
export const upPixels = 8;

const { at } = upParameters;
/** What a piece of work remembers on the stack. */
const local = {
  sourceRow: "[rsp]",
  targetRow: "[rsp+8]",
  skipRow: "[rsp+16]",
  target: "[rsp+24]",
  bias: "[rsp+32]",
  lastColumn: "[rsp+40]",
  rows: "[rsp+48]",
  blocks: "[rsp+56]",
  weights: "[rsp+64]",
} as const;

/**
 * Makes the program. A piece of work is a row of the source, which becomes two
 * of the target. The kernel is
 * `[row of 2][block of outputs][input][column of 2][output of the block]`.
 */
export function upProgram(variant: UpVariant): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors: vectorsOf(variant.lanes) };
  begin(emitter);
  forEachPiece(emitter, () => {
    placeRow(emitter);
    if (variant.chunk !== 0) copySkip(emitter, variant.chunk);
    const nextRow = assembly.label("row"), nextBlock = assembly.label("block");
    assembly.emit(
      `mov rax, ${at("kernel")}`,
      `mov ${local.weights}, rax`,
      "mov rax, 2",
      `mov ${local.rows}, rax`,
      `${nextRow}:`,
      `mov rax, ${local.targetRow}`,
      `mov ${local.target}, rax`,
      `mov rax, ${at("bias")}`,
      `mov ${local.bias}, rax`,
      `mov rax, ${at("blocks")}`,
      `mov ${local.blocks}, rax`,
      `${nextBlock}:`,
    );
    convolveRow(emitter, variant.step);
    assembly.emit(
      `mov rax, ${local.target}`,
      `add rax, ${at("targetBlock")}`,
      `mov ${local.target}, rax`,
      `mov rax, ${local.bias}`,
      `add rax, ${emitter.vectors.bytes}`,
      `mov ${local.bias}, rax`,
      `sub qword ptr ${local.blocks}, 1`,
      `jnz ${nextBlock}`,
      `mov rax, ${local.targetRow}`,
      `add rax, ${at("targetRow")}`,
      `mov ${local.targetRow}, rax`,
      `sub qword ptr ${local.rows}, 1`,
      `jnz ${nextRow}`,
    );
  });
  end(emitter);
  return assembly.bytes();
}

/** Finds where row rax of all images lies in the three tensors. */
function placeRow({ assembly }: Emitter): void {
  assembly.emit("xor edx, edx", `div qword ptr ${at("height")}`);
  for (
    const [tensor, place, rows] of [
      ["source", local.sourceRow, 1],
      ["target", local.targetRow, 2],
      ["skip", local.skipRow, 2],
    ] as const
  ) {
    assembly.emit(
      "mov rcx, rax",
      `imul rcx, ${at(`${tensor}Image`)}`,
      `add rcx, ${at(tensor)}`,
      `imul rsi, rdx, ${rows}`,
      `imul rsi, ${at(`${tensor}Row`)}`,
      "add rcx, rsi",
      `mov ${place}, rcx`,
    );
  }
  assembly.emit(
    `mov rax, ${at("width")}`,
    `sub rax, ${upPixels}`,
    `mov ${local.lastColumn}, rax`,
  );
}

/** Copies two rows of the other feature map, which lie side by side. */
function copySkip({ assembly }: Emitter, chunk: 8 | 16): void {
  const { register: r } = vectorsOf(chunk);
  assembly.emit(
    `mov r8, ${local.skipRow}`,
    `mov r9, ${local.targetRow}`,
    `add r9, ${at("skipTarget")}`,
    `mov r10, ${at("skipColumn")}`,
    `mov r11, ${at("targetColumn")}`,
    `mov rdx, ${at("skipBlocks")}`,
  );
  assembly.repeat("rdx", () => {
    assembly.emit("mov rsi, r8", "mov rdi, r9", `mov rcx, ${at("width")}`);
    assembly.repeat("rcx", () => {
      // Four columns of the target for each of the source, of both rows.
      for (let i = 0; i < 4; i++) {
        assembly.emit(
          `vmovups ${r(i)}, [rsi]`,
          "add rsi, r10",
          `vmovups [rdi], ${r(i)}`,
          "add rdi, r11",
        );
      }
    });
    assembly.emit(
      `add r8, ${at("skipBlock")}`,
      `add r9, ${at("skipTargetBlock")}`,
    );
  });
}

/** Computes a block of channels of a row of the target. */
function convolveRow(emitter: Emitter, step: 8 | 16): void {
  const { assembly, vectors: { bytes, register: r } } = emitter;
  const next = assembly.label("pixels"), done = assembly.label("done");
  const sum = (column: number, pixel: number) => r(column * upPixels + pixel);
  assembly.emit(
    `mov r8, ${at("sourceColumn")}`,
    "lea r9, [r8+r8*2]",
    "lea r10, [r8+r8*4]",
    "lea r11, [r9+r8*4]",
    "xor r15d, r15d",
    `${next}:`,
    `mov rax, ${local.bias}`,
  );
  for (let i = 0; i < 2 * upPixels; i++) {
    assembly.emit(`vmovups ${r(i)}, [rax]`);
  }
  assembly.emit(
    "mov rsi, r15",
    "imul rsi, r8",
    `add rsi, ${local.sourceRow}`,
    `mov r12, ${local.weights}`,
    `mov rcx, ${at("steps")}`,
  );
  const columns = ["", "+r8", "+r8*2", "+r9", "+r8*4", "+r10", "+r9*2", "+r11"];
  assembly.repeat("rcx", () => {
    for (let channel = 0; channel < step; channel++) {
      const weights = [16, 17].map((n) => r(n + 2 * (channel % 2)));
      weights.forEach((weight, column) =>
        assembly.emit(
          `vmovups ${weight}, [r12+${(2 * channel + column) * bytes}]`,
        )
      );
      columns.forEach((place, pixel) => {
        const value = r(24 + pixel);
        assembly.emit(
          `vbroadcastss ${value}, [rsi${place}+${4 * channel}]`,
          `vfmadd231ps ${sum(0, pixel)}, ${weights[0]}, ${value}`,
          `vfmadd231ps ${sum(1, pixel)}, ${weights[1]}, ${value}`,
        );
      });
    }
    assembly.emit(
      `add rsi, ${at("sourceStep")}`,
      `add r12, ${2 * step * bytes}`,
    );
  });
  assembly.emit(
    `mov rdx, ${at("targetColumn")}`,
    "lea rdi, [r15+r15]",
    "imul rdi, rdx",
    `add rdi, ${local.target}`,
  );
  for (let pixel = 0; pixel < upPixels; pixel++) {
    assembly.emit(
      `vmovups [rdi], ${sum(0, pixel)}`,
      `vmovups [rdi+rdx], ${sum(1, pixel)}`,
      "lea rdi, [rdi+rdx*2]",
    );
  }
  // The last pixels of a row may be among those before, and are the same.
  assembly.emit(
    `mov rax, ${local.lastColumn}`,
    "cmp r15, rax",
    `jge ${done}`,
    `add r15, ${upPixels}`,
    "cmp r15, rax",
    "cmovg r15, rax",
    `jmp ${next}`,
    `${done}:`,
    `mov ${local.weights}, r12`,
  );
}
