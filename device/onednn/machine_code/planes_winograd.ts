/**
 * The program of convolutions of 3×3 from planes of bytes to planes of bytes by
 * Winograd's F(4×4, 3×3), in whole numbers of 16 bits that multiply exactly.
 *
 * A strip is 16 windows of 4×4 pixels: four groups of four windows side by
 * side. Registers hold the groups a lane each, a lane's four dwords being its
 * pixels or, after a transposition, one pixel of four groups' windows; the
 * order of the windows between is nobody's concern.
 *
 * @module
 */
import { Assembly, vectorsOf } from "./assembly.ts";
import { parametersOf } from "./parameters.ts";
import { packPixels, roundSums } from "./planes_bytes.ts";
import { constantPlace } from "./planes_constants.ts";
import {
  transformSums,
  transformWords,
  transposeDwords,
} from "./planes_transforms.ts";
import { begin, end, forEachPiece } from "./strips.ts";
import type { Emitter } from "./transforms.ts";

/** What the program is given. */
export const planesWinogradParameters = parametersOf([
  // Planes that are read, of one tensor and behind them of another.
  ...["source", "planes", "source2", "planes2", "sourcePlane"] as const,
  // Planes that are written, and blocks of 16 channels.
  ...["target", "targetPlane", "targetPlanes", "blocks"] as const,
  // A grid's bytes per row; its rows, images, and cells of a row of padding.
  ...["row", "rows", "images", "cells", "imageBytes"] as const,
  // Where groups begin in a plane, four of a strip.
  "groups",
  ...["kernel", "scale", "bias", "constants"] as const,
  // Eight channels each: all, and as many as sums of 32 bits can hold.
  ...["steps", "chunk"] as const,
  // Bytes of a product's inputs, of all windows of a strip.
  "productBytes",
]);

/** Output channels of a block. */
export const winogradBlock = 16;

const { at } = planesWinogradParameters;
const local = {
  kernel: "[rsp]",
  scale: "[rsp+8]",
  bias: "[rsp+16]",
  blocks: "[rsp+24]",
  groups: "[rsp+32]",
} as const;
const { register: r } = vectorsOf(16);
const registers = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => r(from + i));
const groups = ["r8", "r9", "r10", "r11"] as const;
const products = 36, vector = 64, rowBytes = 6 * vector;
/** Where in a thread's memory: rows in between, sums, pixels, inputs. */
const rowsAt = 0, pairRows = 6 * rowBytes;
const sumsAt = rowsAt + 2 * pairRows, sumBytes = winogradBlock * vector;
const pixelsAt = sumsAt + products * sumBytes, channelPixels = 16 * vector;
const inputsAt = pixelsAt + 4 * channelPixels;

/** Bytes of a product's inputs, so that products meet in no cache set. */
export function productBytesOf(planes: number): number {
  return (2 * planes + 1) * vector;
}

/** Bytes of a thread's own memory. */
export function planesWinogradScratch(planes: number): number {
  return inputsAt + products * productBytesOf(planes);
}

/**
 * Makes the program. The first pieces of work clear the padding of a plane
 * each, the others convolve a strip each. Kernels are
 * `[block][product][pair of inputs][output of the block]`, two words each; a
 * plane's channels make the pairs 0 and 2, 1 and 3.
 */
export function planesWinogradProgram(): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors: vectorsOf(16) };
  const strip = assembly.label("strip"), done = assembly.label("worked");
  const block = assembly.label("block");
  begin(emitter);
  forEachPiece(emitter, () => {
    assembly.emit(`sub rax, ${at("targetPlanes")}`, `jns ${strip}`);
    clearPadding(emitter);
    assembly.emit(`jmp ${done}`, `${strip}:`);
    readStrip(emitter);
    for (const name of ["kernel", "scale", "bias", "blocks"] as const) {
      assembly.emit(`mov rax, ${at(name)}`, `mov ${local[name]}, rax`);
    }
    assembly.emit(`${block}:`);
    multiply(emitter);
    writeBlock(emitter);
    assembly.emit(
      `sub qword ptr ${local.blocks}, 1`,
      `jnz ${block}`,
      `${done}:`,
    );
  });
  end(emitter);
  return assembly.bytes();
}

/** Zeros around the images of a plane: the last ones first, rax is negative. */
function clearPadding({ assembly }: Emitter): void {
  const clear = (register: string): void =>
    assembly.emit(`mov dword ptr [${register}], edx`);
  assembly.emit(
    `add rax, ${at("targetPlanes")}`,
    `imul rax, ${at("targetPlane")}`,
    `add rax, ${at("target")}`,
    "xor edx, edx",
    "mov rsi, rax",
    `mov rcx, ${at("rows")}`,
  );
  // A column before each row, and the cell behind the last row.
  assembly.repeat("rcx", () => {
    clear("rsi");
    assembly.emit(`add rsi, ${at("row")}`);
  });
  clear("rsi");
  assembly.emit(`mov r8, ${at("images")}`, "add r8, 1");
  assembly.repeat("r8", () => {
    assembly.emit("mov rsi, rax", `mov rcx, ${at("cells")}`);
    assembly.repeat("rcx", () => {
      clear("rsi");
      assembly.emit("add rsi, 4");
    });
    assembly.emit(`add rax, ${at("imageBytes")}`);
  });
}

/** Transforms the inputs of strip rax; r8 to r11 = the groups' targets. */
function readStrip(emitter: Emitter): void {
  const { assembly } = emitter;
  const place = (): void => {
    assembly.emit(`mov r15, ${local.groups}`);
    groups.forEach((group, i) =>
      assembly.emit(`movsxd ${group}, dword ptr [r15+${4 * i}]`)
    );
  };
  assembly.emit(
    "shl rax, 4",
    `add rax, ${at("groups")}`,
    `mov ${local.groups}, rax`,
    `mov rax, ${at("constants")}`,
    `vmovdqu32 ${r(31)}, [rax+${constantPlace("words")}]`,
    `mov rax, ${at("row")}`,
    `mov r13, ${at("productBytes")}`,
    `lea rdi, [rbp+${inputsAt}]`,
  );
  for (
    const [source, planes] of [
      ["source", "planes"],
      ["source2", "planes2"],
    ] as const
  ) {
    place();
    assembly.emit(`mov rcx, ${at(source)}`);
    groups.forEach((group) => assembly.emit(`add ${group}, rcx`));
    assembly.emit(`mov r14, ${at(planes)}`);
    assembly.repeat("r14", () => {
      readPlane(emitter);
      assembly.emit(`mov rcx, ${at("sourcePlane")}`);
      groups.forEach((group) => assembly.emit(`add ${group}, rcx`));
      assembly.emit(`add rdi, ${2 * vector}`);
    });
  }
  place();
  // Groups begin a row and a pixel before what is written.
  assembly.emit(`mov rcx, ${at("target")}`, "lea rcx, [rcx+rax+4]");
  groups.forEach((group) => assembly.emit(`add ${group}, rcx`));
}

/** Transforms a plane's four channels to two pairs' products, from rdi on. */
function readPlane(emitter: Emitter): void {
  const { assembly } = emitter;
  const spare = registers(8, 4), words = registers(8, 6);
  assembly.emit("xor ecx, ecx", `lea rdx, [rbp+${rowsAt}]`, "mov r12, 6");
  assembly.repeat("r12", () => {
    for (const [from, to] of [[0, 4], [16, 2]] as const) {
      const read = registers(from === 0 ? 0 : 4, 4);
      groups.forEach((group, i) =>
        assembly.emit(`vmovdqu32 ${read[i]}, [${group}+rcx+${from}]`)
      );
      transposeDwords(emitter, read, { to: read.slice(0, to), spare });
    }
    for (const pair of [0, 1]) {
      words.forEach((word, i) =>
        assembly.emit(
          pair === 0
            ? `vpandd ${word}, ${r(i)}, ${r(31)}`
            : `vpsrlw ${word}, ${r(i)}, 8`,
        )
      );
      transformWords(
        emitter,
        words,
        registers(14, 6),
        (i) => `[rdx+${pair * pairRows + i * vector}]`,
      );
    }
    assembly.emit("add rcx, rax", `add rdx, ${rowBytes}`);
  });
  for (const pair of [0, 1]) {
    assembly.emit(
      `lea rdx, [rbp+${rowsAt + pair * pairRows}]`,
      `lea rsi, [rdi+${pair * vector}]`,
      "lea rcx, [r13+r13*2]",
      "add rcx, rcx",
      "mov r12, 6",
    );
    assembly.repeat("r12", () => {
      words.forEach((word, i) =>
        assembly.emit(`vmovdqu32 ${word}, [rdx+${i * rowBytes}]`)
      );
      assembly.emit("lea r15, [rsi+rcx*2]", "add r15, rcx");
      const places = ["rsi", "r15"].flatMap((row) =>
        ["", "+rcx", "+rcx*2"].map((step) => `[${row}${step}]`)
      );
      transformWords(emitter, words, registers(14, 6), (i) => places[i]!);
      assembly.emit(`add rdx, ${vector}`, "add rsi, r13");
    });
  }
}

/** The 36 products of a block of output channels: 16 windows in registers. */
function multiply({ assembly }: Emitter): void {
  const sums = registers(0, winogradBlock);
  const chunk = assembly.label("chunk"), first = assembly.label("first");
  assembly.emit(
    `lea r12, [rbp+${inputsAt}]`,
    `lea r13, [rbp+${sumsAt}]`,
    `mov rsi, ${local.kernel}`,
    `mov r14, ${products}`,
  );
  assembly.repeat("r14", () => {
    assembly.emit(
      "mov rax, r12",
      `mov r15, ${at("steps")}`,
      "xor edx, edx",
      `${chunk}:`,
      ...sums.map((sum) => `vpxord ${sum}, ${sum}, ${sum}`),
      `mov rcx, ${at("chunk")}`,
      "cmp rcx, r15",
      "cmovg rcx, r15",
      "sub r15, rcx",
    );
    assembly.repeat("rcx", () => {
      for (let pair = 0; pair < 4; pair++) {
        const inputs = r(16 + pair), from = pair * vector;
        assembly.emit(`vmovdqu32 ${inputs}, [rax+${from}]`);
        sums.forEach((sum, output) =>
          assembly.emit(
            `vpdpwssd ${sum}, ${inputs}, [rsi+${from + 4 * output}]{1to16}`,
          )
        );
      }
      assembly.emit(`add rax, ${4 * vector}`, `add rsi, ${4 * vector}`);
    });
    // The sums of several chunks are floats, for they may have 33 bits.
    assembly.emit(
      ...sums.map((sum) => `vcvtdq2ps ${sum}, ${sum}`),
      "test edx, edx",
      `jz ${first}`,
      ...sums.map((sum, i) => `vaddps ${sum}, ${sum}, [r13+${i * vector}]`),
      `${first}:`,
      ...sums.map((sum, i) => `vmovups [r13+${i * vector}], ${sum}`),
      "mov edx, 1",
      "test r15, r15",
      `jnz ${chunk}`,
      `add r12, ${at("productBytes")}`,
      `add r13, ${sumBytes}`,
    );
  });
  assembly.emit(`mov ${local.kernel}, rsi`);
}

/** Transforms a block's sums to 4×4 bytes of each window, and writes them. */
function writeBlock(emitter: Emitter): void {
  const { assembly } = emitter;
  assembly.emit(
    `mov rax, ${at("constants")}`,
    `mov rcx, ${at("row")}`,
    `lea r12, [rbp+${sumsAt}]`,
    `mov rsi, ${local.scale}`,
    `mov rdi, ${local.bias}`,
    `mov r14, ${winogradBlock / 4}`,
  );
  assembly.repeat("r14", () => {
    assembly.emit(`lea rdx, [rbp+${pixelsAt}]`, "mov r15, 4");
    assembly.repeat("r15", () => {
      transformChannel(emitter);
      assembly.emit(
        `add r12, ${vector}`,
        `add rdx, ${channelPixels}`,
        "add rsi, 4",
        "add rdi, 4",
      );
    });
    writePlane(emitter);
  });
  assembly.emit(`mov ${local.scale}, rsi`, `mov ${local.bias}, rdi`);
}

/** One channel's pixels as whole numbers, from rdx on. */
function transformChannel(emitter: Emitter): void {
  const { assembly } = emitter;
  const place = (row: number, column: number) => 8 + 6 * row + column;
  // The last register but two is wanted for a constant.
  const result = (row: number, column: number) =>
    row === 3 && column === 3 ? place(2, 5) : place(row, column);
  const four = [0, 1, 2, 3];
  for (let column = 0; column < 6; column++) {
    for (let row = 0; row < 6; row++) {
      const from = (6 * row + column) * sumBytes;
      assembly.emit(`vmovups ${r(row)}, [r12+${from}]`);
    }
    transformSums(emitter, four.map((row) => place(row, column)));
  }
  for (const row of four) {
    for (let column = 0; column < 6; column++) {
      assembly.emit(`vmovaps ${r(column)}, ${r(place(row, column))}`);
    }
    transformSums(emitter, four.map((column) => result(row, column)));
  }
  const results = four.flatMap((row) =>
    four.map((column) => result(row, column))
  );
  assembly.emit(
    `vbroadcastss ${r(0)}, [rsi]`,
    `vbroadcastss ${r(1)}, [rdi]`,
    ...results.map((n) => `vfmadd213ps ${r(n)}, ${r(0)}, ${r(1)}`),
    `vmovups ${r(29)}, [rax+${constantPlace("most")}]`,
  );
  roundSums(emitter, results);
  results.forEach((n, i) =>
    assembly.emit(`vmovdqu32 [rdx+${i * vector}], ${r(n)}`)
  );
}

/** Four channels' pixels as a plane's, of which r8 to r11 are groups. */
function writePlane(emitter: Emitter): void {
  const { assembly } = emitter;
  const pixels = [r(0), r(2), r(4), r(6)], spare = [r(1), r(3), r(5), r(7)];
  assembly.emit(`vmovdqu32 ${r(30)}, [rax+${constantPlace("pixels")}]`);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const channel = (i: number) => {
        const place = pixelsAt + i * channelPixels;
        return `[rbp+${place + (4 * row + column) * vector}]`;
      };
      assembly.emit(
        `vmovdqu32 ${r(16)}, ${channel(0)}`,
        `vmovdqu32 ${r(17)}, ${channel(2)}`,
      );
      packPixels(emitter, [r(16), channel(1), r(17), channel(3)], 2 * column);
    }
    transposeDwords(emitter, pixels, { to: pixels, spare });
    groups.forEach((group, i) =>
      assembly.emit(`vmovdqu32 [${group}], ${pixels[i]}`, `add ${group}, rcx`)
    );
  }
  assembly.emit(
    `mov r13, ${at("targetPlane")}`,
    "lea r15, [rcx*4]",
    "sub r13, r15",
  );
  groups.forEach((group) => assembly.emit(`add ${group}, r13`));
}
