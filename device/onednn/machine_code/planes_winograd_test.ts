import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Machine } from "../_machine.ts";
import { ignore, machine, skipped } from "../fixtures/planes_machine.ts";
import {
  byteKernel,
  type PlaneKernel,
  type PlaneNumbers,
  windowKernel,
} from "../kernels/_plane_kernels.ts";
import type { PlaneSet } from "./planes.ts";
import type { GridShape } from "./planes_grid.ts";

/** Whole strips and parts of them, one set of planes and two. */
const geometries = fc.record({
  images: fc.integer({ min: 1, max: 3 }),
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 5 }),
  inputs: fc.constantFrom<number[]>([8], [24], [8, 16], [64], [72, 8], [136]),
  outputs: fc.constantFrom(16, 32, 48),
  seed: fc.integer(),
});

Deno.test({
  name: `Winograd on planes gives the bytes of the direct program${skipped}`,
  ignore,
  fn() {
    fc.assert(
      fc.property(
        geometries,
        ({ images, rows, columns, inputs, outputs, seed }) => {
          const shape: GridShape = [images, 4 * rows, 16 * columns];
          const random = noise(seed);
          const parts = inputs.map((channels, i) => ({
            channels,
            step: 0.01 * (i + 1),
            signed: i === 0 && inputs.length > 1,
          }));
          const all = inputs.reduce((a, b) => a + b);
          const kernel = {
            values: Float32Array.from({ length: 9 * all * outputs }, random),
            bias: Float32Array.from({ length: outputs }, random),
            // Values spread over all bytes and beyond.
            ...{ parts, step: Math.sqrt(all) / 400 },
          };
          const byte = () => Math.floor(256 * (random() + 0.5));
          const sources = inputs.map((channels) =>
            planesOf(shape, channels, byte)
          );
          const [direct, windows] = bothWays(shape, { kernel, sources });
          let differ = 0;
          direct.forEach((value, i) => {
            const difference = Math.abs(value - windows[i]!);
            assert(difference <= 1, `${windows[i]} at ${i}, expected ${value}`);
            differ += difference;
          });
          // Sums are exact; what scales them may round the other way.
          assert(differ <= 2 + direct.length / 1000, `${differ} bytes differ`);
          for (const { address } of sources) giveBack(address);
        },
      ),
      { numRuns: 40 },
    );
  },
});

/** What a product of Winograd's multiplies an input and a kernel by. */
const inputFactors = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
] as const;
const kernelFactors = [
  [1, 0, 0],
  [1, 1, 1],
  [1, -1, 1],
  [1, 2, 4],
  [1, -2, 4],
  [0, 0, 1],
] as const;

Deno.test({
  name:
    `bytes and kernels that make a product as large as can be overflow nothing${skipped}`,
  ignore,
  fn() {
    const shape: GridShape = [1, 12, 16], inputs = 128, outputs = 16;
    for (let product = 0; product < 36; product++) {
      for (const sign of [1, -1]) {
        const i = Math.floor(product / 6), j = product % 6;
        // The window of the fifth to the eighth pixel, and one around it.
        const factor = (y: number, x: number): number =>
          sign * (inputFactors[i]![y - 3] ?? 0) *
          (inputFactors[j]![x - 3] ?? 0);
        const sources = [
          planesOf(shape, inputs, (y, x) => factor(y, x) > 0 ? 255 : 0),
        ];
        const tap = (at: number): number =>
          kernelFactors[i]![Math.floor(at / 3)]! * kernelFactors[j]![at % 3]!;
        const values = Float32Array.from(
          { length: 9 * inputs * outputs },
          (_, at) => Math.sign(tap(Math.floor(at / inputs / outputs))),
        );
        const step = 9 * inputs * 255 / 128;
        const kernel = {
          ...{ values, step },
          bias: new Float32Array(outputs).fill(128 * step),
          parts: [{ channels: inputs, step: 1, signed: false }],
        };
        const [direct, windows] = bothWays(shape, { kernel, sources });
        direct.forEach((value, at) =>
          assert(
            Math.abs(value - windows[at]!) <= 1,
            `product ${product}: ${windows[at]}, expected ${value}`,
          )
        );
        assert(new Set(direct).size > 1);
        for (const { address } of sources) giveBack(address);
      }
    }
  },
});

const blocks = new Map<bigint, ReturnType<Machine["pool"]["take"]>>();

function uploaded(values: ArrayBufferView<ArrayBuffer>): bigint {
  const block = machine!.pool.take(values.byteLength);
  machine!.pool.upload(block.pointer, values);
  blocks.set(block.pointer, block);
  return block.pointer;
}

function giveBack(address: bigint): void {
  machine!.pool.give(blocks.get(address)!);
  blocks.delete(address);
}

/** Planes of bytes, with zeros around the images. */
function planesOf(
  shape: GridShape,
  channels: number,
  byteAt: (y: number, x: number) => number,
): PlaneSet {
  const [n, height, width] = shape;
  const grid = machine!.planes!.grid(shape), planes = channels / 4;
  const bytes = new Uint8Array(planes * grid.plane);
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < n * height; row++) {
      const y = row % height, image = (row - y) / height;
      const from = plane * grid.plane + grid.first + image * grid.image +
        y * grid.row;
      for (let at = 0; at < 4 * width; at++) {
        bytes[from + at] = byteAt(y, at >> 2);
      }
    }
  }
  return { address: uploaded(bytes), planes };
}

/** All that both programs write, padding included. */
function bothWays(
  shape: GridShape,
  { kernel, sources }: { kernel: PlaneKernel; sources: readonly PlaneSet[] },
): [Uint8Array, Uint8Array] {
  const outputs = kernel.bias.length;
  const grid = machine!.planes!.grid(shape);
  const rows = grid.images * (grid.height + 1) + 1;
  const written = rows * grid.row + 4;
  const by = (
    numbers: PlaneNumbers,
    way: "convolve" | "winograd",
  ): Uint8Array => {
    const junk = new Uint8Array(grid.plane * outputs / 4).fill(7);
    const given = {
      ...{ sources, outputs, target: uploaded(junk) },
      kernel: uploaded(numbers.kernel),
      scale: uploaded(numbers.scale),
      bias: uploaded(numbers.bias),
    };
    const planes = machine!.planes!;
    if (way === "winograd") planes.winograd(shape, given);
    else planes.convolve(shape, { from: "bytes", taps: 9, to: "bytes" }, given);
    machine!.pool.download(given.target, junk);
    const { target, scale, bias } = given;
    [target, given.kernel, scale, bias].forEach(giveBack);
    const all = new Uint8Array(written * outputs / 4);
    for (let plane = 0; plane < outputs / 4; plane++) {
      const from = plane * grid.plane;
      all.set(junk.subarray(from, from + written), plane * written);
    }
    return all;
  };
  const direct = by(byteKernel(kernel), "convolve");
  const windows = by(windowKernel(kernel), "winograd");
  assertEquals(direct.length, windows.length);
  return [direct, windows];
}

/** Numbers from −½ to ½. */
function noise(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  };
}
