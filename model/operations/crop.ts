import * as tf from "@tensorflow/tfjs-core";
import { withoutGradient } from "./without_gradient.ts";

/**
 * Takes pixels off each side, with the gradient.
 *
 * @param x Features `[N, H, W, C]`.
 * @param margin Pixels to take off each side.
 * @param needsGradient Whether anything before `x` is trained.
 * @returns Features `[N, H − 2·margin, W − 2·margin, C]`.
 */
export function cropBorder(
  x: tf.Tensor4D,
  margin: number,
  needsGradient: boolean,
): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const slice = (from: tf.Tensor4D): tf.Tensor4D =>
    tf.slice(
      from,
      [0, margin, margin, 0],
      [count, height - 2 * margin, width - 2 * margin, channels],
    );
  if (!needsGradient) return withoutGradient(() => slice(x));
  const crop = tf.customGrad((x) => ({
    value: slice(x as tf.Tensor4D),
    gradFunc: (dy: tf.Tensor4D): tf.Tensor => {
      const sides: [number, number] = [margin, margin];
      const dx = tf.pad(dy, [[0, 0], sides, sides, [0, 0]]);
      tf.dispose(dy);
      return dx;
    },
  }));
  return crop(x) as tf.Tensor4D;
}

/**
 * Crops a skip's features around their center to twice the size of those that
 * an up-convolution is about to double.
 *
 * @param skip Features `[N, H, W, C]`; disposed if they are larger.
 * @param features Features `[N, h, w, D]`.
 * @param needsGradient Whether anything before `skip` is trained.
 * @returns Features `[N, 2h, 2w, C]`.
 */
export function cropToTwice(
  skip: tf.Tensor4D,
  features: tf.Tensor4D,
  needsGradient: boolean,
): tf.Tensor4D {
  const margin = skip.shape[1] / 2 - features.shape[1];
  if (margin === 0) return skip;
  const cropped = cropBorder(skip, margin, needsGradient);
  skip.dispose();
  return cropped;
}
