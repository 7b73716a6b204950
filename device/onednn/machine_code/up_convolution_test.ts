import { assert, assertEquals } from "@std/assert";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { findOnednn } from "../find_library.ts";
import { conv2D } from "../kernels/conv2d.ts";
import { upConcat } from "../kernels/up_concat.ts";
import { Machine } from "../_machine.ts";
import { suitsUpConvolution } from "./up_convolution.ts";

const found = await findOnednn();
const machine = found &&
  new Machine(found.path, { precision: "float32", winograd: true });
const skipped = machine?.upConvolution
  ? ""
  : ", but is skipped: no oneDNN with AVX-512";

/** Channels in blocks and not, on each side; whole registers and parts. */
const geometries = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  h: fc.integer({ min: 1, max: 5 }),
  w: fc.integer({ min: 8, max: 21 }),
  inputs: fc.constantFrom(8, 16, 24, 32, 48),
  outputs: fc.constantFrom(8, 16, 24, 32),
  others: fc.constantFrom(8, 16, 24, 32),
  seed: fc.integer(),
});

Deno.test({
  name: `the up-convolution's program gives what plain loops give${skipped}`,
  ignore: skipped !== "",
  fn() {
    machine!.trace.begin();
    fc.assert(
      fc.property(geometries, (geometry) => {
        const { n, h, w, inputs, outputs, others, seed } = geometry;
        const random = noise(seed);
        const x = random([n, h, w, inputs]);
        const kernel = random([2, 2, outputs, inputs]);
        const bias = random([outputs]);
        const skip = random([n, 2 * h, 2 * w, others]);
        const expected = plain({ x, kernel, bias, skip });
        const values = run({ x, kernel, bias, skip });
        values.forEach((value, i) =>
          assert(
            Math.abs(value - expected[i]!) < 1e-5,
            `${value} at ${i}, expected ${expected[i]}`,
          )
        );
      }),
      { numRuns: 40 },
    );
    const { primitives } = machine!.trace.end();
    assert(primitives.some(({ by }) => by === "machine code:8 lanes"));
    assert(primitives.some(({ by }) => by === "machine code:16 lanes"));
    assertEquals(machine!.backend.numDataIds(), 0);
  },
});

Deno.test({
  name:
    `a convolution gives the same bits of an up-convolution in two parts and in one piece${skipped}`,
  ignore: skipped !== "",
  fn() {
    fc.assert(
      fc.property(geometries, ({ n, h, w, inputs, outputs, others, seed }) => {
        const random = noise(seed), all = outputs + others;
        const given = {
          x: random([n, 2 * h, 4 * w, inputs]),
          kernel: random([2, 2, outputs, inputs]),
          bias: random([outputs]),
          skip: random([n, 4 * h, 8 * w, others]),
        };
        const filter = random([3, 3, all, 16]);
        const [apart, joined] = [false, true].map((isJoined) => {
          const tensors = tensorsOf({ ...given, filter });
          const { filter: own, ...rest } = tensors;
          const [features] = [
            upConcat.run(machine!, { inputs: rest, attrs: {} })!,
          ].flat();
          const isApart = machine!.backend.partsOf(features!) !== null;
          const [low, high] = [outputs % 16, others % 16];
          assertEquals(isApart, (low + high) % 16 !== 0 || low === 0);
          if (isJoined) {
            machine!.backend.nativeOf(features!);
            assertEquals(machine!.backend.partsOf(features!), null);
          }
          const attrs = { strides: 1, pad: "same", dilations: 1 };
          const [y] = [
            conv2D.run(machine!, {
              inputs: { x: features!, filter: own! },
              attrs,
            })!,
          ].flat();
          return valuesOf([...Object.values(tensors), features!, y!]);
        });
        assertEquals(apart, joined);
      }),
      { numRuns: 40 },
    );
    assertEquals(machine!.backend.numDataIds(), 0);
    const { lent } = machine!.pool.use;
    // What stays lent are the programs' zeros, and what they compute in.
    assert(lent < 2 ** 20, `${lent}`);
  },
});

Deno.test("suitsUpConvolution() wants rows of eight pixels and whole vectors", () => {
  const suits = (
    width: number,
    inputs: number,
    outputs: number,
    skip: number,
  ) => suitsUpConvolution([1, 4, width, inputs], { outputs, skip });
  assert(suits(8, 8, 16, 24));
  assert(!suits(7, 8, 16, 24));
  assert(!suits(8, 12, 16, 24));
  assert(!suits(8, 8, 12, 24));
  assert(!suits(8, 8, 16, 20));
});

interface Numbers {
  readonly shape: number[];
  readonly values: Float32Array<ArrayBuffer>;
}
type Inputs = Record<"x" | "kernel" | "bias" | "skip", Numbers>;

function noise(seed: number): (shape: number[]) => Numbers {
  let state = seed | 0;
  const next = (): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  };
  return (shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return { shape, values: Float32Array.from({ length }, next) };
  };
}

function tensorsOf(
  inputs: Readonly<Record<string, Numbers>>,
): Record<string, TensorInfo> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, values }]) => {
      const dataId = machine!.backend.write(values, shape, "float32");
      return [name, { dataId, shape, dtype: "float32" as const }];
    }),
  );
}

/** The numbers of the last tensor; all are disposed of. */
function valuesOf(tensors: readonly TensorInfo[]): Float32Array {
  const { backend } = machine!;
  const values = backend.readSync(tensors.at(-1)!.dataId) as Float32Array;
  for (const { dataId } of tensors) backend.disposeData(dataId);
  return values;
}

function run(inputs: Inputs): Float32Array {
  const tensors = tensorsOf(inputs);
  const output = upConcat.run(machine!, { inputs: tensors, attrs: {} });
  return valuesOf([...Object.values(tensors), ...[output!].flat()]);
}

function plain({ x, kernel, bias, skip }: Inputs): Float32Array {
  const [n, h, w, inputs] = x.shape as [number, number, number, number];
  const outputs = bias.values.length, others = skip.shape[3]!;
  const all = outputs + others;
  const y = new Float32Array(n * 4 * h * w * all);
  for (let pixel = 0; pixel < n * 4 * h * w; pixel++) {
    const column = pixel % (2 * w), row = Math.floor(pixel / (2 * w));
    const from = ((row >> 1) * w + (column >> 1)) * inputs;
    const tap = 2 * (row & 1) + (column & 1);
    for (let o = 0; o < outputs; o++) {
      let sum = bias.values[o]!;
      for (let i = 0; i < inputs; i++) {
        sum += x.values[from + i]! *
          kernel.values[(tap * outputs + o) * inputs + i]!;
      }
      y[pixel * all + o] = sum;
    }
    const rest = skip.values.subarray(pixel * others, (pixel + 1) * others);
    y.set(rest, pixel * all + outputs);
  }
  return y;
}
