import * as tf from "@tensorflow/tfjs-core";

/**
 * A tensor as it is, whose gradient is handed to a function as soon as a
 * backward pass knows it.
 *
 * @param x The tensor; whatever reads it reads the result instead, once.
 * @param onGradient Receives the gradient, which it does not keep.
 */
export function announceGradient(
  x: tf.Tensor,
  onGradient: (gradient: tf.Tensor) => void,
): tf.Tensor {
  const announce = tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor): tf.Tensor => {
      onGradient(dy);
      return dy;
    },
  }));
  return announce(x);
}
