import { checkedDice } from "./dice_term.ts";
import type { DiceLossOptions } from "./dice_loss_options.ts";
import type { Loss } from "./loss.ts";
import { sigmoidLoss } from "./sigmoid_loss.ts";

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
  return sigmoidLoss({ dice: 1, ...checkedDice(options) });
}
