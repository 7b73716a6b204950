import * as tf from "@tensorflow/tfjs-core";

/**
 * Concatenates two feature maps along the channels, with the gradient.
 *
 * @param first Features `[N, H, W, A]`.
 * @param second Features `[N, H, W, B]`.
 * @param needsSecondGradient Whether anything before `second` is trained.
 * @returns Features `[N, H, W, A + B]`.
 */
export function concatenate(
  first: tf.Tensor4D,
  second: tf.Tensor4D,
  needsSecondGradient: boolean,
): tf.Tensor4D {
  const join = tf.customGrad((first, second) => {
    const value = tf.concat(
      [first as tf.Tensor4D, second as tf.Tensor4D],
      3,
    );
    const channels = (first as tf.Tensor4D).shape[3];
    const gradFunc = (dy: tf.Tensor4D): tf.Tensor[] => {
      const parts = [
        tf.slice(dy, [0, 0, 0, 0], [-1, -1, -1, channels]),
        // tfjs asks for a gradient of every input, read or not.
        needsSecondGradient
          ? tf.slice(dy, [0, 0, 0, channels], [-1, -1, -1, -1])
          : tf.zeros([1, 1, 1, 1]),
      ];
      tf.dispose(dy);
      return parts;
    };
    return { value, gradFunc };
  });
  return join(first, second) as tf.Tensor4D;
}
