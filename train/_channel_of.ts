import * as tf from "@tensorflow/tfjs-core";

/**
 * One channel of several, with its gradient.
 *
 * @param x `[N, H, W, C]`.
 * @param channel Which.
 * @returns `[N, H, W, 1]`; the caller disposes it.
 */
export function channelOf(x: tf.Tensor4D, channel: number): tf.Tensor4D {
  const channels = x.shape[3];
  const take = tf.customGrad((x) => {
    const value = tf.slice(
      x as tf.Tensor4D,
      [0, 0, 0, channel],
      [-1, -1, -1, 1],
    );
    const gradFunc = (dy: tf.Tensor): tf.Tensor =>
      tf.tidy(() => {
        const nothing = tf.zeros(dy.shape);
        return tf.concat(
          Array.from(
            { length: channels },
            (_, at) => at === channel ? dy : nothing,
          ),
          3,
        );
      });
    return { value, gradFunc };
  });
  return take(x) as tf.Tensor4D;
}
