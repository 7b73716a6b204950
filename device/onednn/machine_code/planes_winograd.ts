/**
 * The program of convolutions of 3×3 from planes of bytes to planes of bytes by
 * Winograd's F(4×4, 3×3), in whole numbers of 16 bits that multiply exactly.
 *
 * @module
 */
import { Assembly, vectorsOf } from "./assembly.ts";
import { packPixels, roundSums } from "./planes_bytes.ts";
import { constantPlace } from "./planes_constants.ts";
import {
  at,
  channelPixels,
  groups,
  inputsAt,
  local,
  pixelsAt,
  products,
  registers,
  sumBytes,
  sumsAt,
  vector,
  winogradBlock,
} from "./planes_strip.ts";
import { transformSums, transposeDwords } from "./planes_transforms.ts";
import { readStrip } from "./planes_windows.ts";
import { begin, end, forEachPiece } from "./strips.ts";
import type { Emitter } from "./transforms.ts";

const { register: r } = vectorsOf(16);

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
