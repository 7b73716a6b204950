/**
 * Runs kernels of tfjs' current backend by name, for who computes through the
 * fused ones. Opens nothing. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/**
 * Runs one kernel of the current backend by name, past tfjs' ops, which
 * would split fused kernels in training.
 *
 * @param name The kernel's name.
 * @param inputs Its tensors by name.
 * @param attributes Its attributes.
 * @returns Its outputs, one or several; the caller disposes them.
 * @throws If the current backend has no such kernel.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { runKernel } from "@unet/device/run-kernel";
 * import { assertEquals } from "@std/assert";
 *
 * const [sum] = runKernel("Add", { a: tf.scalar(1), b: tf.scalar(2) });
 * assertEquals([...sum!.dataSync()], [3]);
 * ```
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

/**
 * Whether the current backend has a kernel of that name.
 *
 * @param name The kernel's name.
 * @returns Whether it can be run.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { hasKernel } from "@unet/device/run-kernel";
 * import { assert } from "@std/assert";
 *
 * await tf.ready();
 * assert(hasKernel("Conv2D"));
 * ```
 */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}
