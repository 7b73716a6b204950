/**
 * The fused kernels around convolutions, and a step of SGD, in plain loops and
 * double precision, as their judge.
 *
 * @module
 */
import {
  type ConvolutionGradAttrs,
  fusedKernels,
  type SgdStepAttrs,
  type UpConcatGradAttrs,
} from "@unet/device/fused-kernels";

/** A tensor in plain numbers. */
export interface Plain {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values, row by row. */
  readonly values: readonly number[];
}

type Inputs = Readonly<Record<string, Plain>>;
type Attrs = ConvolutionGradAttrs & UpConcatGradAttrs & SgdStepAttrs;

function zeros(shape: readonly number[]): number[] {
  return new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
}

/** Calls `visit` for each pixel of `x` that meets a tap and a pixel of `y`. */
function visitTaps(
  { from, to, window, stride }: {
    from: readonly number[];
    to: readonly number[];
    window: readonly number[];
    stride: number;
  },
  visit: (pixelFrom: number, pixelTo: number, tap: number) => void,
): void {
  const [count, height, width] = to as [number, number, number];
  const [, fromHeight, fromWidth] = from as [number, number, number];
  const [rows, columns] = window as [number, number];
  // What keeps the size is padded evenly, what halves it not at all.
  const top = stride === 1 ? (rows - 1) >> 1 : 0;
  const left = stride === 1 ? (columns - 1) >> 1 : 0;
  for (let n = 0; n < count; n++) {
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let tap = 0; tap < rows * columns; tap++) {
        const r = Math.floor(pixel / width) * stride +
          Math.floor(tap / columns) - top;
        const c = pixel % width * stride + tap % columns - left;
        if (r < 0 || r >= fromHeight || c < 0 || c >= fromWidth) continue;
        visit(
          (n * fromHeight + r) * fromWidth + c,
          n * height * width + pixel,
          tap,
        );
      }
    }
  }
}

function sumColumns({ shape, values }: Plain): Plain {
  const channels = shape.at(-1)!;
  const sums = zeros([channels]);
  values.forEach((value, i) => sums[i % channels]! += value);
  return { shape: [channels], values: sums };
}

/** The gradients of y = x ∗ kernel by both, and y itself where it is wanted. */
function convolve(x: Plain, kernel: Plain, dy: Plain, stride: number) {
  const [, , input, output] = kernel.shape as [number, number, number, number];
  const y = zeros(dy.shape), dx = zeros(x.shape), dk = zeros(kernel.shape);
  const places = { from: x.shape, to: dy.shape, window: kernel.shape, stride };
  visitTaps(places, (from, to, tap) => {
    for (let i = 0; i < input; i++) {
      for (let o = 0; o < output; o++) {
        const at = (tap * input + i) * output + o;
        y[to * output + o]! += x.values[from * input + i]! * kernel.values[at]!;
        dx[from * input + i]! += dy.values[to * output + o]! *
          kernel.values[at]!;
        dk[at]! += x.values[from * input + i]! * dy.values[to * output + o]!;
      }
    }
  });
  return {
    y: { shape: dy.shape, values: y },
    dx: { shape: x.shape, values: dx },
    dkernel: { shape: kernel.shape, values: dk },
  };
}

/** Channels `begin` to `end` of a feature map. */
function channelsOf({ shape, values }: Plain, begin: number, end: number) {
  const channels = shape.at(-1)!;
  return {
    shape: [...shape.slice(0, -1), end - begin],
    values: values.filter((_, i) =>
      i % channels >= begin && i % channels < end
    ),
  };
}

/** Computes the outputs of a fused kernel from its inputs. */
export const convolutionReferences: Readonly<
  Record<string, (inputs: Inputs, attrs: Attrs) => Plain[]>
> = {
  [fusedKernels.convolutionGrad]({ dy, x, kernel, y }, attrs) {
    const { relu, bias, input } = attrs;
    const dz = {
      shape: dy!.shape,
      values: dy!.values.map((value, i) =>
        relu && !(y!.values[i]! > 0) ? 0 : value
      ),
    };
    const { dx, dkernel } = convolve(x!, kernel!, dz, 1);
    return [dkernel, ...bias ? [sumColumns(dz)] : [], ...input ? [dx] : []];
  },

  [fusedKernels.upConcat]({ x, kernel, bias, skip }) {
    // The up-convolution is the input gradient of the one that halves.
    const channels = bias!.shape[0]!;
    const shape = [...skip!.shape.slice(0, 3), channels];
    const image = { shape, values: zeros(shape) };
    const { dx } = convolve(image, kernel!, x!, 2);
    const others = skip!.shape.at(-1)!, all = channels + others;
    const result = zeros([...shape.slice(0, 3), all]);
    result.forEach((_, i) => {
      const pixel = Math.floor(i / all), channel = i % all;
      result[i] = channel < channels
        ? dx.values[pixel * channels + channel]! + bias!.values[channel]!
        : skip!.values[pixel * others + channel - channels]!;
    });
    return [{ shape: [...shape.slice(0, 3), all], values: result }];
  },

  [fusedKernels.upConcatGrad]({ dy, x, kernel }, { skip }) {
    const channels = kernel!.shape[2]!;
    const dup = channelsOf(dy!, 0, channels);
    const { y, dkernel } = convolve(dup, kernel!, x!, 2);
    return [
      y,
      dkernel,
      sumColumns(dup),
      ...skip ? [channelsOf(dy!, channels, dy!.shape.at(-1)!)] : [],
    ];
  },

  [fusedKernels.sgdStep]({ parameter, gradient, velocity }, attrs) {
    const { learningRate, momentum, dampening, weightDecay, nesterov } = attrs;
    const { shape } = parameter!;
    const g = gradient!.values.map((value, i) =>
      value + weightDecay * parameter!.values[i]!
    );
    const v = g.map((value, i) =>
      velocity
        ? momentum * velocity.values[i]! + (1 - dampening) * value
        : value
    );
    const next = parameter!.values.map((value, i) =>
      value - learningRate * (nesterov ? g[i]! + momentum * v[i]! : v[i]!)
    );
    return [{ shape, values: next }, { shape, values: v }];
  },
};
