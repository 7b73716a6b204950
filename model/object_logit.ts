import * as tf from "@tensorflow/tfjs-core";

/**
 * How much more the second of two channels has than the first, with the
 * gradient. Its sigmoid is the second one's softmax: e^b / (e^a + e^b) =
 * 1 / (1 + e^(a − b)).
 *
 * @param x Logits of background and object `[N, H, W, 2]`.
 * @returns The logit of an object `[N, H, W, 1]`.
 */
export function objectLogit(x: tf.Tensor4D): tf.Tensor4D {
  const subtract = tf.customGrad((x) => {
    const value = tf.tidy(() => {
      const [background, object] = tf.split(x as tf.Tensor4D, 2, 3);
      return tf.sub<tf.Tensor4D>(object!, background!);
    });
    const gradFunc = (dy: tf.Tensor4D): tf.Tensor => {
      const dx = tf.tidy(() => tf.concat([tf.neg(dy), dy], 3));
      tf.dispose(dy);
      return dx;
    };
    return { value, gradFunc };
  });
  return subtract(x) as tf.Tensor4D;
}
