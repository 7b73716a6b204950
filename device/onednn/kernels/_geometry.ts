/** Four sizes. */
export type Shape = readonly [number, number, number, number];
type Pair = readonly [number, number];

/** A convolution's shapes. */
export interface Geometry {
  /** The input `[N, H, W, in]`. */
  readonly input: Shape;
  /** The kernel `[h, w, in, out]`. */
  readonly kernel: Shape;
  /** The output `[N, H, W, out]`. */
  readonly output: Shape;
  /** Steps along rows and columns. */
  readonly strides: Pair;
  /** Kernel elements lie so far apart. */
  readonly dilations: Pair;
  /** Rows above and columns to the left that are zero. */
  readonly before: Pair;
  /** Rows below and columns to the right that are zero. */
  readonly after: Pair;
  /** Whether tfjs' tensor of the kernel is `[…, out, in]` instead. */
  readonly transposed?: boolean;
}

/**
 * A convolution padded by (k − 1) / 2 on all sides, k odd: PyTorch's, as
 * residual networks have it.
 */
export function centeredConvolution(
  input: Shape,
  kernel: Shape,
  stride: number,
): Geometry {
  const [n, height, width] = input, [h, w, , channels] = kernel;
  const sizes = [[height, h], [width, w]] as const;
  const outputs = sizes.map(([size]) => Math.ceil(size / stride));
  const before = sizes.map(([, window]) => (window - 1) / 2);
  const after = sizes.map(([size, window], axis) =>
    (outputs[axis]! - 1) * stride + window - size - before[axis]!
  );
  return {
    input,
    kernel,
    output: [n, outputs[0]!, outputs[1]!, channels],
    strides: [stride, stride],
    dilations: [1, 1],
    before: before as unknown as Pair,
    after: after as unknown as Pair,
  };
}

/** A convolution of stride 1 that keeps the size. */
export function sameConvolution(input: Shape, kernel: Shape): Geometry {
  const [n, height, width] = input, [h, w, , channels] = kernel;
  return {
    input,
    kernel,
    output: [n, height, width, channels],
    strides: [1, 1],
    dilations: [1, 1],
    before: [(h - 1) >> 1, (w - 1) >> 1],
    after: [h >> 1, w >> 1],
  };
}
