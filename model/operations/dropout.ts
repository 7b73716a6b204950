import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "@unet/random";

/**
 * Drops features at random and scales the rest up, with the gradient
 * (Srivastava et al., 2014).
 *
 * @param x Features `[N, H, W, C]`.
 * @param rate The share dropped, 0 to below 1.
 * @param random Decides which.
 * @returns Features of the same shape.
 */
export function dropout(
  x: tf.Tensor4D,
  rate: number,
  random: Random,
): tf.Tensor4D {
  const factors = Float32Array.from(
    { length: x.size },
    () => random.next() < rate ? 0 : 1 / (1 - rate),
  );
  const drop = tf.customGrad((x, save) => {
    const mask = tf.tensor4d(factors, (x as tf.Tensor4D).shape);
    (save as tf.GradSaveFunc)([mask]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor => {
      const dx = tf.mul(dy, saved[0]!);
      tf.dispose([dy, ...saved]);
      return dx;
    };
    return { value: tf.mul<tf.Tensor4D>(x as tf.Tensor, mask), gradFunc };
  });
  return drop(x) as tf.Tensor4D;
}
