import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "./_check_setting.ts";
import { lossOf, type LossTerm, sumPerImage } from "./_loss_term.ts";
import type { Loss } from "./loss.ts";

/** How {@linkcode diceLoss} counts. */
export interface DiceLossOptions {
  /**
   * Added to numerator and denominator, above 0; 1e-5 by default, as in MONAI.
   * A larger one, such as 1, softens the loss on small and empty masks.
   */
  readonly smoothing?: number;
  /**
   * Whether overlap is counted over the whole batch at once, the default, as
   * in segmentation_models.pytorch, or for each image, and then averaged, as
   * in MONAI. Over the batch, a tile with one small object weighs little; for
   * each image, it weighs as much as a full one.
   */
  readonly over?: "batch" | "image";
}

/** The term of {@linkcode diceLoss}, for sums of losses. */
export function diceTerm(options: DiceLossOptions = {}): LossTerm {
  const { smoothing = 1e-5, over = "batch" } = options;
  checkSetting(
    ["Dice loss", "smoothing", smoothing],
    smoothing > 0 && smoothing < Infinity,
    "a number above 0",
  );
  checkSetting(
    ["Dice loss", "over", over],
    over === "batch" || over === "image",
    '"batch" or "image"',
  );
  const total = (x: tf.Tensor4D): tf.Tensor =>
    over === "image"
      ? tf.reshape(sumPerImage(x), [-1, 1, 1, 1])
      : tf.sum(sumPerImage(x));
  return {
    forward(x, y) {
      const p = tf.sigmoid(x);
      const overlap = total(tf.mul(p, y));
      const numerator = tf.add(tf.mul(overlap, 2), smoothing);
      const denominator = tf.add(tf.add(total(p), total(y)), smoothing);
      const dice = tf.mean(tf.div(numerator, denominator));
      return {
        value: tf.sub(1, dice),
        saved: [p, y, numerator, denominator],
      };
    },
    gradient(scale, saved) {
      const [p, y, numerator, denominator] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor,
        tf.Tensor,
      ];
      // With D = U/V, dU/dp = 2y and dV/dp = 1: −dD/dp = U/V² − 2y/V; and
      // dp/dx = p(1 − p).
      const share = tf.div(tf.div(scale, denominator.size), denominator);
      const constant = tf.mul(share, tf.div(numerator, denominator));
      const slope = tf.sub(constant, tf.mul(y, tf.mul(share, 2)));
      return tf.mul(slope, tf.mul(p, tf.sub(1, p)));
    },
  };
}

/**
 * Soft Dice loss: 1 minus the Dice coefficient of the sigmoid of the logits,
 * `1 − (2·Σpy + s) / (Σp + Σy + s)`, twice the overlap over the sum of both.
 *
 * Where target and prediction are both empty, the loss nears 0; where only the
 * target is, it nears 1, and its gradient still lowers the prediction.
 *
 * @param options The smoothing `s`, and whether over batch or image.
 * @returns The loss, between 0 and 1.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { diceLoss } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const target = tf.tensor4d([1, 1, 0, 0], [1, 2, 2, 1]);
 * const logits = tf.tensor4d([99, -99, 99, -99], [1, 2, 2, 1]);
 * const loss = diceLoss()(logits, target);
 * assertAlmostEquals(loss.dataSync()[0]!, 0.5, 1e-5);
 * ```
 */
export function diceLoss(options: DiceLossOptions = {}): Loss {
  return lossOf([{ weight: 1, term: diceTerm(options) }]);
}
