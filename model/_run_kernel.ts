import * as tf from "@tensorflow/tfjs-core";

/**
 * Runs one kernel of the current backend by name, past tfjs' ops, which
 * would split fused kernels in training.
 */
export function runKernel(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown> = {},
): tf.Tensor[] {
  const outputs = tf.engine().runKernel(
    name,
    inputs as unknown as tf.NamedTensorMap,
    attributes as unknown as tf.NamedAttrMap,
  ) as tf.Tensor | tf.Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** Whether the current backend has a kernel of that name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}
