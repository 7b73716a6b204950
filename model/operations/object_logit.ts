import * as tf from "@tensorflow/tfjs-core";

/**
 * How much more the second of two channels has than the first. Its sigmoid is the second one's softmax: e^b / (e^a + e^b) =
 * 1 / (1 + e^(a − b)). Further channels stay as they are.
 *
 * @param x Logits of background and object, and maybe of further heads,
 * `[N, H, W, 2 or more]`.
 * @returns The logits of an object, and of those heads, `[N, H, W, C − 1]`.
 */
export function objectLogit(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const channels = x.shape[3];
    const [background, object] = [0, 1].map((from) => sliceOf(x, from, 1));
    const logit = tf.sub<tf.Tensor4D>(object!, background!);
    if (channels === 2) return logit;
    return tf.concat<tf.Tensor4D>([logit, sliceOf(x, 2, channels - 2)], 3);
  });
}

/** Some channels by a slice, which devices have kernels of their own for. */
function sliceOf(x: tf.Tensor4D, from: number, count: number): tf.Tensor4D {
  return tf.slice(x, [0, 0, 0, from], [-1, -1, -1, count]);
}
