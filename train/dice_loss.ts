import { diceTerm } from "./_dice_term.ts";
import { lossOf } from "./_loss_term.ts";
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
