import type { Loss } from "./loss.ts";
import { lossOf } from "./loss_term.ts";
import type { SoftmaxDiceLossOptions } from "./softmax_dice_options.ts";
import { softmaxDiceTerm } from "./softmax_dice_term.ts";

/**
 * The soft Dice loss of a softmax over classes: 1 less the mean of the classes'
 * Dice coefficients `(2 Σ p y + s) / (Σ p + Σ y + s)`, as MONAI's `DiceLoss`
 * with `softmax` has it. A pixel whose ground truth is 0 in every channel counts
 * nowhere.
 *
 * @param options The smoothing, whether sums go over the batch or over each
 * image, and whether the background counts.
 * @returns The loss of logits and targets `[N, H, W, C]`, a channel per class.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { softmaxDiceLoss } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const target = tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]);
 * const certain = tf.mul<tf.Tensor4D>(target, 100);
 * const loss = softmaxDiceLoss()(certain, target);
 * assertAlmostEquals(loss.dataSync()[0]!, 0, 1e-4);
 * ```
 */
export function softmaxDiceLoss(options: SoftmaxDiceLossOptions = {}): Loss {
  return lossOf([{ weight: 1, term: softmaxDiceTerm(options) }]);
}
