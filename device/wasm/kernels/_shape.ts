import type { TensorInfo } from "@tensorflow/tfjs-core";

/** The shape of a tensor that has four dimensions. */
export function shape4(
  tensor: TensorInfo,
): [number, number, number, number] {
  const [a = 1, b = 1, c = 1, d = 1] = tensor.shape;
  return [a, b, c, d];
}
