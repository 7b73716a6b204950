import type { TensorInfo } from "@tensorflow/tfjs-core";

/** The size of a tensor as a matrix: one row per pixel, one column per channel. */
export function matrixOf(
  { shape }: TensorInfo,
): { rows: number; channels: number } {
  const channels = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((a, b) => a * b, 1), channels };
}

/** The sums of the columns of a matrix, in float64. */
export function sumColumns(
  values: Float32Array,
  channels: number,
): Float64Array {
  const sums = new Float64Array(channels);
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) sums[c]! += values[i + c]!;
  }
  return sums;
}
