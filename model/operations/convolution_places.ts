/**
 * Where a convolution computes, as tfjs' attributes: as PyTorch does with a
 * padding of (k − 1) / 2, on all sides alike. tfjs' own "same" would add
 * zeros below and on the right alone where the stride is 2.
 *
 * @param kernel Shape of the kernel `[k, k, in, out]`, k odd.
 * @param stride Pixels from one output to the next.
 * @returns The attributes.
 */
export function placesOf(kernel: readonly number[], stride: 1 | 2) {
  return {
    strides: stride,
    pad: stride === 1 ? "same" : (kernel[0]! - 1) / 2,
    dataFormat: "NHWC",
    dimRoundingMode: null,
  } as const;
}
