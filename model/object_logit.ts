import * as tf from "@tensorflow/tfjs-core";

/**
 * How much more the second of two channels has than the first, with the
 * gradient. Its sigmoid is the second one's softmax: e^b / (e^a + e^b) =
 * 1 / (1 + e^(a − b)). A third channel stays as it is.
 *
 * @param x Logits of background and object, and maybe of the border,
 * `[N, H, W, 2 or 3]`.
 * @returns The logits of an object, and maybe of the border,
 * `[N, H, W, 1 or 2]`.
 */
export function objectLogit(x: tf.Tensor4D): tf.Tensor4D {
  const channels = x.shape[3];
  const subtract = tf.customGrad((x) => {
    const value = tf.tidy(() => {
      const [background, object, ...rest] = tf.split<tf.Tensor4D>(
        x as tf.Tensor4D,
        channels,
        3,
      );
      const logit = tf.sub<tf.Tensor4D>(object!, background!);
      return rest.length === 0
        ? logit
        : tf.concat<tf.Tensor4D>([logit, ...rest], 3);
    });
    const gradFunc = (dy: tf.Tensor4D): tf.Tensor => {
      const dx = tf.tidy(() => {
        if (channels === 2) return tf.concat([tf.neg(dy), dy], 3);
        const [object, border] = tf.split(dy, 2, 3);
        return tf.concat([tf.neg(object!), object!, border!], 3);
      });
      tf.dispose(dy);
      return dx;
    };
    return { value, gradFunc };
  });
  return subtract(x) as tf.Tensor4D;
}
