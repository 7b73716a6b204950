/**
 * Programs on planes that work row by row, since their result has another
 * size: max pooling and the up-convolution.
 *
 * @module
 */
import { Assembly, vectorsOf } from "./assembly.ts";
import { parametersOf } from "./parameters.ts";
import { packPixels, roundSums } from "./planes_bytes.ts";
import { constantPlace } from "./planes_constants.ts";
import { begin, end, forEachPiece } from "./strips.ts";
import type { Emitter } from "./transforms.ts";

/** What a program is given. */
export const rowsParameters = parametersOf([
  // Images, and rows of an image that are pieces of work.
  ...["images", "height"] as const,
  // Planes that are read: bytes to the first pixel, a row, an image, a plane.
  ...["source", "sourceRow", "sourceImage", "sourcePlane", "planes"] as const,
  // Planes that are written, and the cells of a row of padding.
  ...["target", "targetRow", "targetImage", "targetPlane"] as const,
  ...["targetPlanes", "cells", "border"] as const,
  // Registers a row, and what of each is written.
  ...["vectors", "masks", "kernel", "scale", "bias", "constants"] as const,
]);

const { at } = rowsParameters;
const local = {
  source: "[rsp]",
  target: "[rsp+8]",
  image: "[rsp+16]",
  row: "[rsp+24]",
  kernel: "[rsp+32]",
  plane: "[rsp+40]",
  rows: "[rsp+48]",
  left: "[rsp+56]",
  scale: "[rsp+64]",
  bias: "[rsp+72]",
  rowTarget: "[rsp+80]",
} as const;
const { register: r } = vectorsOf(16);

/** Max pooling of 2×2; a piece of work is a row of the target. */
export function planesPoolProgram(): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors: vectorsOf(16) };
  begin(emitter);
  forEachPiece(emitter, () => {
    placeRow(emitter, { sourceRows: 2, targetRows: 1 });
    assembly.emit(
      `mov rax, ${at("constants")}`,
      `vmovdqu32 ${r(16)}, [rax+${constantPlace("even")}]`,
      `vmovdqu32 ${r(17)}, [rax+${constantPlace("odd")}]`,
      `mov r8, ${local.source}`,
      `mov r9, ${local.target}`,
      `mov r10, ${at("sourceRow")}`,
      `mov r11d, dword ptr ${at("border")}`,
      `mov rdx, ${at("targetPlanes")}`,
    );
    assembly.repeat("rdx", () => {
      assembly.emit(
        "mov dword ptr [r9-4], r11d",
        "mov rsi, r8",
        "mov rdi, r9",
        `mov r14, ${at("masks")}`,
        `mov rcx, ${at("vectors")}`,
      );
      assembly.repeat("rcx", () => {
        assembly.emit(
          `vmovdqu32 ${r(0)}, [rsi]`,
          `vmovdqu32 ${r(1)}, [rsi+64]`,
          `vpmaxub ${r(0)}, ${r(0)}, [rsi+r10]`,
          `vpmaxub ${r(1)}, ${r(1)}, [rsi+r10+64]`,
          `vmovdqa32 ${r(2)}, ${r(0)}`,
          `vpermt2d ${r(0)}, ${r(16)}, ${r(1)}`,
          `vpermt2d ${r(2)}, ${r(17)}, ${r(1)}`,
          `vpmaxub ${r(0)}, ${r(0)}, ${r(2)}`,
          "kmovw k1, [r14]",
          `vmovdqu32 [rdi]{k1}, ${r(0)}`,
          "add rsi, 128",
          "add rdi, 64",
          "add r14, 2",
        );
      });
      assembly.emit(
        `add r8, ${at("sourcePlane")}`,
        `add r9, ${at("targetPlane")}`,
      );
    });
  });
  end(emitter);
  return assembly.bytes();
}

/**
 * The up-convolution; a piece of work is a row of the source. Kernels are
 * `[row of 2][plane of outputs][plane of inputs][column of 2][output][input]`.
 */
export function planesUpProgram(): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors: vectorsOf(16) };
  const nextRow = assembly.label("row"), nextPlane = assembly.label("plane");
  begin(emitter);
  forEachPiece(emitter, () => {
    placeRow(emitter, { sourceRows: 1, targetRows: 2 });
    assembly.emit(
      `mov rax, ${at("constants")}`,
      `vmovdqu32 ${r(27)}, [rax+${constantPlace("low")}]`,
      `vmovdqu32 ${r(28)}, [rax+${constantPlace("high")}]`,
      `vmovups ${r(29)}, [rax+${constantPlace("most")}]`,
      `vmovdqu32 ${r(30)}, [rax+${constantPlace("pixels")}]`,
      `mov rax, ${at("kernel")}`,
      `mov ${local.kernel}, rax`,
      "mov rax, 2",
      `mov ${local.rows}, rax`,
      `${nextRow}:`,
      `mov rax, ${local.target}`,
      `mov ${local.rowTarget}, rax`,
    );
    for (const name of ["scale", "bias"] as const) {
      assembly.emit(`mov rax, ${at(name)}`, `mov ${local[name]}, rax`);
    }
    assembly.emit(
      `mov rax, ${at("targetPlanes")}`,
      `mov ${local.plane}, rax`,
      `${nextPlane}:`,
    );
    upPlane(emitter);
    assembly.emit(
      `mov ${local.kernel}, r12`,
      `add qword ptr ${local.scale}, 16`,
      `add qword ptr ${local.bias}, 16`,
      `mov rax, ${at("targetPlane")}`,
      `add ${local.rowTarget}, rax`,
      `sub qword ptr ${local.plane}, 1`,
      `jnz ${nextPlane}`,
      `mov rax, ${at("targetRow")}`,
      `add ${local.target}, rax`,
      `sub qword ptr ${local.rows}, 1`,
      `jnz ${nextRow}`,
    );
  });
  end(emitter);
  return assembly.bytes();
}

/** One row of one plane of an up-convolution's result: 32 pixels at a time. */
function upPlane(emitter: Emitter): void {
  const { assembly } = emitter;
  const vectors = [0, 1];
  const sum = (column: number, channel: number, vector: number) =>
    8 * column + 2 * channel + vector;
  const next = assembly.label("pixels");
  assembly.emit(
    `mov rdi, ${local.rowTarget}`,
    `mov eax, dword ptr ${at("border")}`,
    "mov dword ptr [rdi-4], eax",
    `mov r8, ${local.source}`,
    `mov r9, ${at("sourcePlane")}`,
    `mov r14, ${at("masks")}`,
    `mov r15, ${at("vectors")}`,
    `${next}:`,
  );
  for (let i = 0; i < 16; i++) {
    assembly.emit(`vpxord ${r(i)}, ${r(i)}, ${r(i)}`);
  }
  assembly.emit(
    "mov rsi, r8",
    `mov r12, ${local.kernel}`,
    `mov rcx, ${at("planes")}`,
  );
  assembly.repeat("rcx", () => {
    vectors.forEach((vector) =>
      assembly.emit(`vmovdqu32 ${r(16 + vector)}, [rsi+${64 * vector}]`)
    );
    for (let i = 0; i < 8; i++) {
      const weight = r(18 + i);
      assembly.emit(`vpbroadcastd ${weight}, [r12+${4 * i}]`);
      for (const vector of vectors) {
        const to = r(sum(i >> 2, i & 3, vector));
        assembly.emit(`vpdpbusd ${to}, ${r(16 + vector)}, ${weight}`);
      }
    }
    assembly.emit("add rsi, r9", "add r12, 32");
  });
  assembly.emit(`mov rax, ${local.scale}`, `mov rdx, ${local.bias}`);
  for (let channel = 0; channel < 4; channel++) {
    assembly.emit(
      `vbroadcastss ${r(24)}, [rax+${4 * channel}]`,
      `vbroadcastss ${r(25)}, [rdx+${4 * channel}]`,
    );
    for (const column of [0, 1]) {
      for (const vector of vectors) {
        const each = r(sum(column, channel, vector));
        assembly.emit(
          `vcvtdq2ps ${each}, ${each}`,
          `vfmadd213ps ${each}, ${r(24)}, ${r(25)}`,
        );
      }
    }
  }
  roundSums(emitter, [...Array(16).keys()]);
  for (const vector of vectors) {
    for (const column of [0, 1]) {
      const four = [0, 1, 2, 3].map((i) => r(sum(column, i, vector)));
      packPixels(emitter, four, 18 + 2 * column);
    }
    assembly.emit(
      `vmovdqa32 ${r(22)}, ${r(18)}`,
      `vpermt2d ${r(18)}, ${r(27)}, ${r(20)}`,
      `vpermt2d ${r(22)}, ${r(28)}, ${r(20)}`,
      `kmovw k1, [r14+${4 * vector}]`,
      `kmovw k2, [r14+${4 * vector + 2}]`,
      `vmovdqu32 [rdi+${128 * vector}]{k1}, ${r(18)}`,
      `vmovdqu32 [rdi+${128 * vector + 64}]{k2}, ${r(22)}`,
    );
  }
  assembly.emit(
    "add r8, 128",
    "add rdi, 256",
    "add r14, 8",
    "sub r15, 1",
    `jnz ${next}`,
  );
}

/**
 * Finds where row rax of all images begins in source and target, and writes
 * the rows of padding above an image's first row and below the last image.
 */
function placeRow(
  emitter: Emitter,
  { sourceRows, targetRows }: { sourceRows: 1 | 2; targetRows: 1 | 2 },
): void {
  const { assembly } = emitter;
  const notFirst = assembly.label("inner"), notLast = assembly.label("placed");
  assembly.emit(
    "xor edx, edx",
    `div qword ptr ${at("height")}`,
    `mov ${local.image}, rax`,
    `mov ${local.row}, rdx`,
  );
  for (
    const [tensor, rows] of [
      ["source", sourceRows],
      ["target", targetRows],
    ] as const
  ) {
    assembly.emit(
      `mov rcx, ${local.image}`,
      `imul rcx, ${at(`${tensor}Image`)}`,
      `add rcx, ${at(tensor)}`,
      `imul rsi, ${local.row}, ${rows}`,
      `imul rsi, ${at(`${tensor}Row`)}`,
      "add rcx, rsi",
      `mov ${local[tensor]}, rcx`,
    );
  }
  assembly.emit(
    `mov rax, ${local.row}`,
    "test rax, rax",
    `jnz ${notFirst}`,
    `mov r8, ${local.target}`,
    `sub r8, ${at("targetRow")}`,
  );
  fillRows(emitter);
  assembly.emit(
    `${notFirst}:`,
    `mov rax, ${local.row}`,
    "add rax, 1",
    `cmp rax, ${at("height")}`,
    `jne ${notLast}`,
    `mov rax, ${local.image}`,
    "add rax, 1",
    `cmp rax, ${at("images")}`,
    `jne ${notLast}`,
    `mov r8, ${local.target}`,
    `imul rcx, ${at("targetRow")}, ${targetRows}`,
    "add r8, rcx",
  );
  fillRows(emitter);
  assembly.emit(`${notLast}:`);
}

/** Fills a row of padding, and the cell after it, in all planes: from r8 − 4. */
function fillRows({ assembly }: Emitter): void {
  assembly.emit(
    `mov eax, dword ptr ${at("border")}`,
    `mov rdx, ${at("targetPlanes")}`,
  );
  assembly.repeat("rdx", () => {
    assembly.emit("lea rsi, [r8-4]", `mov rcx, ${at("cells")}`);
    assembly.repeat("rcx", () => {
      assembly.emit("mov dword ptr [rsi], eax", "add rsi, 4");
    });
    assembly.emit(`add r8, ${at("targetPlane")}`);
  });
}
