import * as tf from "@tensorflow/tfjs-core";

/**
 * How much more the second of two channels has than the first. Its sigmoid is the second one's softmax: e^b / (e^a + e^b) =
 * 1 / (1 + e^(a − b)). A third channel stays as it is.
 *
 * @param x Logits of background and object, and maybe of the border,
 * `[N, H, W, 2 or 3]`.
 * @returns The logits of an object, and maybe of the border,
 * `[N, H, W, 1 or 2]`.
 */
export function objectLogit(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const [background, object, border] = channelsOf(x);
    const logit = tf.sub<tf.Tensor4D>(object!, background!);
    return border ? tf.concat<tf.Tensor4D>([logit, border], 3) : logit;
  });
}

/** Each channel by a slice, which devices have kernels of their own for. */
function channelsOf(x: tf.Tensor4D): tf.Tensor4D[] {
  return Array.from(
    { length: x.shape[3] },
    (_, channel) => tf.slice(x, [0, 0, 0, channel], [-1, -1, -1, 1]),
  );
}
