import { lanesPlace } from "./arguments.ts";
import { Assembly, type Vectors } from "./assembly.ts";
import { multiplyWindows, writeRow } from "./convolve_program.ts";
import { transformTaps } from "./kernel_programs.ts";
import { readWindows } from "./read_windows.ts";
import {
  argument,
  begin,
  blockBytes,
  end,
  forEachPiece,
  forEachRow,
  local,
  placeStrip,
  products,
  rowsBytes,
  stripWindows,
} from "./strips.ts";
import type { Emitter } from "./transforms.ts";

/** Strips whose windows meet a product's kernels while these are in the cache. */
const bundle = 8;
/** Blocks of output channels that a piece of work has. */
export const groupedBlocks = 2;
/** Bytes between kernels of two products, which share no cache sets then. */
const gap = 64;

/** Bytes of a thread's own memory. */
export function largeKernelsScratch(vectors: Vectors, inputs: number): number {
  return kernelsAt(vectors) + groupedBlocks * kernelsBytes(vectors, inputs);
}

/** Where the transformed kernels lie, after the sums. */
function kernelsAt(vectors: Vectors): number {
  return groupedBlocks * bundle * blockBytes(vectors);
}

function kernelsBytes({ bytes }: Vectors, inputs: number): number {
  return products * (inputs * bytes + gap);
}

/** The program that transforms all strips' windows, and keeps them. */
export function windowsProgram(
  vectors: Vectors,
  windows: number,
): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors };
  begin(emitter);
  forEachPiece(emitter, () => {
    assembly.emit(
      "mov rcx, rax",
      `imul rcx, ${argument("stripBytes")}`,
      `add rcx, ${argument("transformed")}`,
      `mov ${local("inputs")}, rcx`,
    );
    placeStrip(emitter, windows);
    readWindows(emitter, local("inputs"));
  });
  end(emitter);
  return assembly.bytes();
}

/** Bytes of a thread's own memory while it transforms windows. */
export function windowsScratch(vectors: Vectors): number {
  return rowsBytes(vectors);
}

/**
 * The program that convolves what {@linkcode windowsProgram} transformed by
 * kernels that are larger than the cache, and transforms these itself: a piece
 * of work is a few blocks of output channels, whose kernels are transformed,
 * used for all strips, and forgotten. The sums have the bits of
 * `convolveProgram()`.
 */
export function largeKernelsProgram(
  vectors: Vectors,
  windows: number,
): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  const emitter: Emitter = { assembly, vectors };
  const bundles = assembly.label("bundle");
  begin(emitter);
  forEachPiece(emitter, () => {
    assembly.emit(
      `imul rax, rax, ${groupedBlocks}`,
      `mov ${local("firstBlock")}, rax`,
      `add rax, ${groupedBlocks}`,
      `mov rcx, ${argument("targetBlocks")}`,
      "cmp rax, rcx",
      "cmovg rax, rcx",
      `mov ${local("lastBlock")}, rax`,
    );
    turnKernels(emitter);
    assembly.emit("xor eax, eax", `${bundles}:`);
    assembly.emit(
      `mov ${local("firstStrip")}, rax`,
      `add rax, ${bundle}`,
      `mov rcx, ${argument("allStrips")}`,
      "cmp rax, rcx",
      "cmovg rax, rcx",
      `mov ${local("lastStrip")}, rax`,
    );
    multiplyBundle(emitter, windows);
    writeBundle(emitter, windows);
    assembly.emit(
      `mov rax, ${local("lastStrip")}`,
      `cmp rax, ${argument("allStrips")}`,
      `jl ${bundles}`,
    );
  });
  end(emitter);
  return assembly.bytes();
}

/** Transforms the kernels of the piece's blocks. */
function turnKernels(emitter: Emitter): void {
  const { assembly, vectors } = emitter;
  const { bytes, register: r } = vectors;
  const again = assembly.label("turn");
  assembly.emit(
    `vmovups ${r(13)}, [rbx+${lanesPlace}]`,
    `lea r11, [rbp+${kernelsAt(vectors)}]`,
    `mov r9, ${argument("tap")}`,
    `mov r8, ${argument("inputs")}`,
    `imul r8, r8, ${bytes}`,
    `add r8, ${gap}`,
    `mov rcx, ${local("firstBlock")}`,
    `${again}:`,
    "mov r10, rcx",
    `imul r10, ${argument("block")}`,
    `add r10, ${argument("kernel")}`,
    "mov r12, r11",
    `mov r14, ${argument("inputs")}`,
  );
  assembly.repeat("r14", () => {
    assembly.emit("mov rsi, r10", "mov rdi, r12");
    transformTaps(emitter);
    assembly.emit(`add r10, ${argument("input")}`, `add r12, ${bytes}`);
  });
  assembly.emit(
    "mov rax, r8",
    `imul rax, rax, ${products}`,
    "add r11, rax",
    "add rcx, 1",
    `cmp rcx, ${local("lastBlock")}`,
    `jl ${again}`,
  );
}

/**
 * Multiplies product by product, so that a product's kernels and windows stay
 * in the cache: the windows of each strip by the kernels of each block.
 */
function multiplyBundle(emitter: Emitter, windows: number): void {
  const { assembly, vectors } = emitter;
  const step = stripWindows * vectors.bytes;
  const strip = assembly.label("strip"), block = assembly.label("block");
  assembly.emit(
    // r8, r9, r10: this product's kernels, windows and sums.
    `lea r8, [rbp+${kernelsAt(vectors)}]`,
    `mov r9, ${local("firstStrip")}`,
    `imul r9, ${argument("stripBytes")}`,
    `add r9, ${argument("transformed")}`,
    "mov r10, rbp",
    `mov r14, ${argument("inputs")}`,
    `imul r14, r14, ${vectors.bytes}`,
    `add r14, ${gap}`,
    `mov r11, ${products}`,
  );
  assembly.repeat("r11", () => {
    assembly.emit(
      "mov r12, r9",
      "mov rdx, r10",
      `mov rdi, ${local("firstStrip")}`,
      `${strip}:`,
      "mov r13, rdx",
      "mov rsi, r8",
      `mov rcx, ${local("firstBlock")}`,
      `${block}:`,
      `mov ${local("channel")}, rcx`,
      `mov ${local("kernel")}, rsi`,
    );
    multiplyWindows(emitter, windows);
    assembly.emit(
      "mov rax, r14",
      `imul rax, rax, ${products}`,
      `mov rsi, ${local("kernel")}`,
      "add rsi, rax",
      `add r13, ${bundle * blockBytes(vectors)}`,
      `mov rcx, ${local("channel")}`,
      "add rcx, 1",
      `cmp rcx, ${local("lastBlock")}`,
      `jl ${block}`,
      `add r12, ${argument("stripBytes")}`,
      `add rdx, ${blockBytes(vectors)}`,
      "add rdi, 1",
      `cmp rdi, ${local("lastStrip")}`,
      `jl ${strip}`,
      "add r8, r14",
      `add r9, ${step}`,
      `add r10, ${step}`,
    );
  });
}

/** Writes the pixels of all strips of a bundle, of all blocks of the piece. */
function writeBundle(emitter: Emitter, windows: number): void {
  const { assembly, vectors } = emitter;
  const block = assembly.label("block"), strip = assembly.label("strip");
  assembly.emit(
    `mov rax, ${local("firstBlock")}`,
    "mov rcx, rbp",
    `${block}:`,
    `mov ${local("channel")}, rax`,
    `mov ${local("inputs")}, rcx`,
    `mov ${local("sums")}, rcx`,
    `mov rax, ${local("firstStrip")}`,
    `${strip}:`,
    `mov ${local("strip")}, rax`,
  );
  placeStrip(emitter, windows);
  forEachRow(emitter, () => writeRow(emitter, local("sums")));
  assembly.emit(
    `mov rax, ${local("sums")}`,
    `add rax, ${blockBytes(vectors)}`,
    `mov ${local("sums")}, rax`,
    `mov rax, ${local("strip")}`,
    "add rax, 1",
    `cmp rax, ${local("lastStrip")}`,
    `jl ${strip}`,
    `mov rcx, ${local("inputs")}`,
    `add rcx, ${bundle * blockBytes(vectors)}`,
    `mov rax, ${local("channel")}`,
    "add rax, 1",
    `cmp rax, ${local("lastBlock")}`,
    `jl ${block}`,
  );
}
