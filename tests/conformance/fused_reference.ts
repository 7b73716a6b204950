/**
 * The fused kernels of convolutions and of the optimizer, in plain loops and
 * double precision, as their judge.
 *
 * @module
 */
import {
  type AdamStepAttrs,
  type ConvolutionGradAttrs,
  fusedKernels,
  type Int8ConvolutionAttrs,
  type SgdStepAttrs,
  type UpConcatGradAttrs,
} from "@unet/device/fused-kernels";
import {
  regressionLossGradReference,
  regressionLossReference,
  sigmoidLossGradReference,
  sigmoidLossReference,
} from "./loss_reference.ts";

/** A tensor's shape and values. */
export interface Numbers {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values in row-major order. */
  readonly values: readonly number[];
}

type Shape = readonly [number, number, number, number];
type Inputs = Readonly<Record<string, Numbers>>;

/** Computes the outputs of a fused kernel. */
export const fusedReferences: Readonly<
  Record<string, (inputs: Inputs, attrs: never) => Numbers[]>
> = {
  [fusedKernels.convolutionGrad](inputs: Inputs, attrs: ConvolutionGradAttrs) {
    const { dy, x, kernel, y } = inputs as Record<string, Numbers>;
    const dz = dy!.values.map((value, i) =>
      attrs.relu && !(y!.values[i]! > 0) ? 0 : value
    );
    const [n, height, width, from] = x!.shape as unknown as Shape;
    const [h, w, , to] = kernel!.shape as unknown as Shape;
    const dkernel = zeros(kernel!.shape), dbias = zeros([to]);
    const dx = zeros(x!.shape);
    for (let place = 0; place < n * height * width; place++) {
      const row = Math.floor(place / width) % height, column = place % width;
      for (let o = 0; o < to; o++) {
        const slope = dz[place * to + o]!;
        dbias.values[o]! += slope;
        for (let tap = 0; tap < h * w; tap++) {
          const down = Math.floor(tap / w) - ((h - 1) >> 1);
          const right = tap % w - ((w - 1) >> 1);
          const r = row + down, c = column + right;
          if (r < 0 || r >= height || c < 0 || c >= width) continue;
          const source = (place + down * width + right) * from;
          for (let i = 0; i < from; i++) {
            const weight = (tap * from + i) * to + o;
            dkernel.values[weight]! += slope * x!.values[source + i]!;
            dx.values[source + i]! += slope * kernel!.values[weight]!;
          }
        }
      }
    }
    return [
      dkernel,
      ...attrs.bias ? [dbias] : [],
      ...attrs.input ? [dx] : [],
    ];
  },

  [fusedKernels.int8Convolution](inputs: Inputs, attrs: Int8ConvolutionAttrs) {
    const { x, kernel, bias } = inputs as Record<string, Numbers>;
    const { inputLimit, signed, outputLimit, stride, relu } = attrs;
    const [n, height, width, from] = x!.shape as unknown as Shape;
    const [h, w, , to] = kernel!.shape as unknown as Shape;
    const step = inputLimit / (signed ? 127 : 255);
    const rounded = x!.values.map((value) =>
      cut(roundToEven(value / step), signed ? [-128, 127] : [0, 255]) * step
    );
    const steps = Array.from({ length: to }, (_, o) =>
      Math.max(
        ...kernel!.values.filter((_, i) => i % to === o).map(Math.abs),
      ) / 127);
    const weights = kernel!.values.map((value, i) =>
      Math.round(value / steps[i % to]!) * steps[i % to]!
    );
    const rows = Math.ceil(height / stride),
      columns = Math.ceil(width / stride);
    const output = zeros([n, rows, columns, to]);
    for (let place = 0; place < n * rows * columns; place++) {
      const row = Math.floor(place / columns) % rows * stride;
      const column = place % columns * stride;
      const image = Math.floor(place / columns / rows);
      for (let o = 0; o < to; o++) {
        let sum = bias!.values[o]!;
        for (let tap = 0; tap < h * w; tap++) {
          const r = row + Math.floor(tap / w) - ((h - 1) >> 1);
          const c = column + tap % w - ((w - 1) >> 1);
          if (r < 0 || r >= height || c < 0 || c >= width) continue;
          const source = ((image * height + r) * width + c) * from;
          for (let i = 0; i < from; i++) {
            sum += rounded[source + i]! * weights[(tap * from + i) * to + o]!;
          }
        }
        const result = relu ? Math.max(0, sum) : sum;
        output.values[place * to + o] = outputLimit === null
          ? result
          : cut(roundToEven(result / outputLimit * 255), [0, 255]) *
            outputLimit / 255;
      }
    }
    return [output];
  },

  [fusedKernels.foldedKernel](inputs: Inputs) {
    const { kernel, factor } = inputs as Record<string, Numbers>;
    const outputs = factor!.values.length;
    const values = kernel!.values.map((value, i) =>
      value * factor!.values[i % outputs]!
    );
    return [{ shape: kernel!.shape, values }];
  },

  [fusedKernels.addRelu](inputs: Inputs) {
    const { a, b } = inputs as Record<string, Numbers>;
    const values = a!.values.map((value, i) =>
      Math.max(0, value + b!.values[i]!)
    );
    return [{ shape: a!.shape, values }];
  },

  [fusedKernels.upNearestGrad](inputs: Inputs) {
    const { dy } = inputs as Record<string, Numbers>;
    const [n, rows, columns, channels] = dy!.shape as unknown as Shape;
    const height = rows / 2, width = columns / 2;
    const dx = zeros([n, height, width, channels]);
    dy!.values.forEach((value, i) => {
      const channel = i % channels, pixel = Math.floor(i / channels);
      const column = pixel % (2 * width) >> 1;
      const line = Math.floor(pixel / (2 * width));
      const row = line % (2 * height) >> 1;
      const image = Math.floor(line / (2 * height));
      const place = (image * height + row) * width + column;
      dx.values[place * channels + channel]! += value;
    });
    return [dx];
  },

  [fusedKernels.upConcat](inputs: Inputs) {
    const { x, kernel, bias, skip } = inputs as Record<string, Numbers>;
    const places = upPlaces(x!, kernel!, skip!.shape[3]!);
    const output = zeros(places.shape);
    for (const { input, weight, output: at, from } of places.list) {
      let sum = 0;
      for (let i = 0; i < from; i++) {
        sum += x!.values[input + i]! * kernel!.values[weight + i]!;
      }
      output.values[at] = sum + bias!.values[at % output.shape[3]!]!;
    }
    const all = output.shape[3]!, rest = skip!.shape[3]!;
    skip!.values.forEach((value, i) => {
      const pixel = Math.floor(i / rest);
      output.values[pixel * all + all - rest + i % rest] = value;
    });
    return [output];
  },

  [fusedKernels.upConcatGrad](inputs: Inputs, attrs: UpConcatGradAttrs) {
    const { dy, x, kernel } = inputs as Record<string, Numbers>;
    const all = dy!.shape[3]!, channels = kernel!.shape[2]!;
    const places = upPlaces(x!, kernel!, all - channels);
    const dx = zeros(x!.shape), dkernel = zeros(kernel!.shape);
    const dbias = zeros([channels]);
    for (const { input, weight, output, from } of places.list) {
      const slope = dy!.values[output]!;
      dbias.values[output % all]! += slope;
      for (let i = 0; i < from; i++) {
        dx.values[input + i]! += slope * kernel!.values[weight + i]!;
        dkernel.values[weight + i]! += slope * x!.values[input + i]!;
      }
    }
    const dskip = {
      shape: [...dy!.shape.slice(0, 3), all - channels],
      values: dy!.values.filter((_, i) => i % all >= channels),
    };
    return [dx, dkernel, dbias, ...attrs.skip ? [dskip] : []];
  },

  [fusedKernels.sigmoidLoss]: sigmoidLossReference,
  [fusedKernels.sigmoidLossGrad]: sigmoidLossGradReference,
  [fusedKernels.regressionLoss]: regressionLossReference,
  [fusedKernels.regressionLossGrad]: regressionLossGradReference,
  [fusedKernels.sgdStep](inputs: Inputs, attrs: SgdStepAttrs) {
    const { parameter, gradient, velocity } = inputs as
      & Record<"parameter" | "gradient", Numbers>
      & { velocity?: Numbers };
    const { learningRate, momentum, dampening, weightDecay, nesterov } = attrs;
    const { shape } = parameter;
    const slopes = gradient.values.map((value, i) =>
      value + weightDecay * parameter.values[i]!
    );
    const moved = slopes.map((slope, i) =>
      velocity
        ? momentum * velocity.values[i]! + (1 - dampening) * slope
        : slope
    );
    const next = parameter.values.map((value, i) =>
      value -
      learningRate * (nesterov ? slopes[i]! + momentum * moved[i]! : moved[i]!)
    );
    return [{ shape, values: next }, { shape, values: moved }];
  },
  [fusedKernels.adamStep](inputs: Inputs, attrs: AdamStepAttrs) {
    const { parameter, gradient, mean, square } = inputs as
      & Record<"parameter" | "gradient", Numbers>
      & { mean?: Numbers; square?: Numbers };
    const { beta1, beta2, epsilon, weightDecay } = attrs;
    const { shape } = parameter;
    const slopes = gradient.values.map((value, i) =>
      value + weightDecay * parameter.values[i]!
    );
    const means = slopes.map((slope, i) =>
      beta1 * (mean?.values[i] ?? 0) + (1 - beta1) * slope
    );
    const squares = slopes.map((slope, i) =>
      beta2 * (square?.values[i] ?? 0) + (1 - beta2) * slope ** 2
    );
    const next = parameter.values.map((value, i) =>
      attrs.shrink * value - attrs.stepSize * means[i]! /
        (attrs.rootScale * Math.sqrt(squares[i]!) + epsilon)
    );
    return [next, means, squares].map((values) => ({ shape, values }));
  },
};

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function cut(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(Math.max(value, low), high);
}

function zeros(shape: readonly number[]): {
  shape: readonly number[];
  values: number[];
} {
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, values: new Array<number>(count).fill(0) };
}

/** Where each number of an up-convolution comes from. */
function upPlaces(x: Numbers, kernel: Numbers, skip: number) {
  const [n, h, w, from] = x.shape as unknown as Shape;
  const channels = kernel.shape[2]!, all = channels + skip;
  const shape = [n, 2 * h, 2 * w, all];
  const list = [];
  for (let pixel = 0; pixel < n * h * w * 4; pixel++) {
    const column = pixel % (2 * w), line = Math.floor(pixel / (2 * w));
    const row = line % (2 * h), image = Math.floor(line / (2 * h));
    const tap = (row % 2) * 2 + column % 2;
    const source = (image * h + (row >> 1)) * w + (column >> 1);
    for (let o = 0; o < channels; o++) {
      list.push({
        input: source * from,
        weight: (tap * channels + o) * from,
        output: pixel * all + o,
        from,
      });
    }
  }
  return { shape, list };
}
