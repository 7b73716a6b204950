/**
 * Access to a tensor's numbers where a device keeps them, for sums over
 * processes that copy nothing. Opens nothing. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";

/** The numbers of a tensor, in the device's memory. */
export interface LentFloats {
  /**
   * The numbers, gaps and padding between them included; changing them changes
   * the tensor. Valid until the tensor is disposed or goes through a kernel.
   */
  readonly values: Float32Array<ArrayBuffer>;
  /** How they lie: two tensors with equal words are equal element by element. */
  readonly order: string;
}

/** A backend of tfjs that lends its memory. */
export interface FloatLender {
  /** As {@linkcode lendFloats}. */
  lendFloats(tensor: tf.TensorInfo): LentFloats | null;
}

/**
 * Lends the numbers of a float32 tensor in the order in which the current
 * device keeps them.
 *
 * @param tensor The tensor, which nobody else uses.
 * @returns Its memory; null if the device lends none, the numbers lie elsewhere,
 * or another tensor shares them.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { lendFloats } from "@unet/device/lend-floats";
 * import { assertEquals } from "@std/assert";
 *
 * await tf.setBackend("cpu");
 * assertEquals(lendFloats(tf.scalar(1)), null);
 * ```
 */
export function lendFloats(tensor: tf.Tensor): LentFloats | null {
  const backend = tf.backend() as Partial<FloatLender>;
  return backend.lendFloats?.(tensor) ?? null;
}
