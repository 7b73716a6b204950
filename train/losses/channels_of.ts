import * as tf from "@tensorflow/tfjs-core";

/**
 * Some channels of several, with their gradient: zeros concatenated around it,
 * since tfjs' own pads, for which not every device has a kernel.
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
  const [count, height, width, channels] = x.shape;
  if (from === 0 && to === channels) return x;
  const take = tf.customGrad((x) => {
    const value = tf.slice(
      x as tf.Tensor4D,
      [0, 0, 0, from],
      [-1, -1, -1, to - from],
    );
    const gradFunc = (dy: tf.Tensor): tf.Tensor =>
      tf.tidy(() => {
        const nothing = (channels: number): tf.Tensor[] =>
          channels === 0 ? [] : [tf.zeros([count, height, width, channels])];
        return tf.concat([...nothing(from), dy, ...nothing(channels - to)], 3);
      });
    return { value, gradFunc };
  });
  return take(x) as tf.Tensor4D;
}
