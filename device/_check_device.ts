import {
  conv2d,
  engine,
  slice,
  tensor4d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type {
  NamedAttrMap,
  Rank,
  Tensor,
  Tensor4D,
} from "@tensorflow/tfjs-core";
import type { Precision } from "./device.ts";

const size = 4, channels = 4;
const convolution = {
  strides: [1, 1],
  pad: "same",
  dataFormat: "NHWC",
};
/** Largest difference, relative to the largest number. */
const tolerances: Record<Precision, number> = { float32: 1e-5, mixed: 2e-2 };

/**
 * Computes a small convolution and its gradients on tfjs' current backend and
 * compares them with plain loops.
 *
 * @returns What is wrong with the numbers, or null.
 */
export async function checkArithmetic(
  precision: Precision,
): Promise<string | null> {
  const x = numbers(size * size * channels, 1);
  const filter = numbers(9 * channels * channels, 2);
  const dy = numbers(size * size * channels, 3);
  const expected = convolveInLoops(x, filter, dy);
  const actual = tidy(() => {
    const shape: [number, number, number, number] = [1, size, size, channels];
    const filterShape: [number, number, number, number] = [
      3,
      3,
      channels,
      channels,
    ];
    const images = tensor4d(x, shape), gradients = tensor4d(dy, shape);
    const filters = tensor4d(filter, filterShape);
    return {
      "a convolution": conv2d(images, filters, 1, "same"),
      "a convolution's input gradient": run("Conv2DBackpropInput", {
        dy: gradients,
        filter: filters,
      }, { ...convolution, inputShape: shape }),
      "a convolution's filter gradient": run("Conv2DBackpropFilter", {
        x: images,
        dy: gradients,
      }, { ...convolution, filterShape }),
    };
  });
  try {
    for (const [index, [name, tensor]] of Object.entries(actual).entries()) {
      const error = distance(await tensor.data(), expected[index]!);
      if (!(error <= tolerances[precision])) {
        return `${name} that is off by ${error.toExponential(1)} relative`;
      }
    }
    return null;
  } finally {
    for (const tensor of Object.values(actual)) tensor.dispose();
  }
}

/**
 * Measures a 3×3 convolution of 32 channels on tfjs' current backend.
 *
 * The fastest of several runs counts: a library with threads waits for all of
 * them, and another program may hold one up.
 *
 * @returns 10⁹ floating-point operations a second.
 */
export async function measureSpeed(): Promise<number> {
  const size = 32, channels = 32, enough = 10, runs = 5;
  const filter = zeros<Rank.R4>([3, 3, channels, channels]);
  let best = 0;
  // Batches grow until the clock's steps and the way to the device no longer
  // matter.
  for (const batch of [1, 4, 16, 64, 256]) {
    const x = zeros<Rank.R4>([batch, size, size, channels]);
    let milliseconds = Infinity, spent = 0;
    // The first run warms up, and is the only one on a slow device.
    for (let run = 0; run <= runs && spent < runs * enough; run++) {
      const took = await timeConvolution(x, filter);
      milliseconds = Math.min(milliseconds, took);
      spent += took;
    }
    x.dispose();
    const flop = 2 * 9 * channels ** 2 * batch * size ** 2;
    const speed = flop / milliseconds / 1e6;
    const isSettled = milliseconds > enough && speed < 1.5 * best;
    best = Math.max(best, speed);
    if (isSettled) break;
  }
  filter.dispose();
  return best;
}

async function timeConvolution(x: Tensor4D, filter: Tensor4D): Promise<number> {
  const begin = performance.now();
  const first = tidy(() =>
    slice(conv2d(x, filter, 1, "same"), [0, 0, 0, 0], [1, 1, 1, 1])
  );
  await first.data();
  first.dispose();
  return performance.now() - begin;
}

function run(
  name: string,
  inputs: Record<string, Tensor4D>,
  attributes: Record<string, unknown>,
): Tensor {
  return engine().runKernel(
    name,
    inputs,
    attributes as unknown as NamedAttrMap,
  ) as Tensor;
}

/** Numbers in −1…1 that look like nothing in particular. */
function numbers(count: number, phase: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => Math.sin(phase + 7 * i),
  );
}

function convolveInLoops(
  x: Float32Array,
  filter: Float32Array,
  dy: Float32Array,
): [Float32Array, Float32Array, Float32Array] {
  const y = new Float32Array(dy.length), dx = new Float32Array(x.length);
  const dfilter = new Float32Array(filter.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      for (let tap = 0; tap < 9; tap++) {
        const r = row + Math.floor(tap / 3) - 1, c = column + tap % 3 - 1;
        if (r < 0 || r >= size || c < 0 || c >= size) continue;
        for (let i = 0; i < channels; i++) {
          for (let o = 0; o < channels; o++) {
            const from = (r * size + c) * channels + i;
            const to = (row * size + column) * channels + o;
            const weight = (tap * channels + i) * channels + o;
            y[to]! += x[from]! * filter[weight]!;
            dx[from]! += dy[to]! * filter[weight]!;
            dfilter[weight]! += dy[to]! * x[from]!;
          }
        }
      }
    }
  }
  return [y, dx, dfilter];
}

function distance(actual: ArrayLike<number>, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Math.max(...expected.map(Math.abs));
  let greatest = 0;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i]! - value) / scale;
    // Not Math.max alone: a NaN must not be skipped.
    greatest = error > greatest || Number.isNaN(error) ? error : greatest;
    if (Number.isNaN(greatest)) return NaN;
  }
  return greatest;
}
