import * as tf from "@tensorflow/tfjs-core";

/**
 * Some channels of several.
 *
 * @param x `[N, H, W, C]`.
 * @param from The first channel.
 * @param to The channel after the last one.
 * @returns `[N, H, W, to − from]`; the tensor itself if that is all of it, else
 * the caller disposes it.
 */
export function channelsOf(
  x: tf.Tensor4D,
  from: number,
  to: number,
): tf.Tensor4D {
  if (from === 0 && to === x.shape[3]) return x;
  return tf.slice(x, [0, 0, 0, from], [-1, -1, -1, to - from]);
}
