import { checkSetting } from "../optimizers/check_setting.ts";
import { checkedDice } from "./dice_term.ts";
import type { DiceLossOptions } from "./dice_loss_options.ts";
import type { Loss } from "./loss.ts";
import { sigmoidLoss } from "./sigmoid_loss.ts";

/** How {@linkcode bceDiceLoss} weighs its parts. */
export interface BceDiceLossOptions extends DiceLossOptions {
  /** Weight of the binary cross entropy, 0 or more; 1 by default. */
  readonly bceWeight?: number;
  /** Weight of the Dice loss, 0 or more; 1 by default. */
  readonly diceWeight?: number;
}

/**
 * The weighted sum of {@linkcode bceWithLogits} and {@linkcode diceLoss}: the
 * first judges each pixel, the second the masks as wholes.
 *
 * @param options The weights, and the options of the Dice loss.
 * @returns The loss.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { bceDiceLoss } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
 * const target = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
 * const loss = bceDiceLoss({ diceWeight: 3 })(logits, target);
 * assertAlmostEquals(loss.dataSync()[0]!, Math.log(2) + 3 * (1 - 2 / 3), 1e-5);
 * ```
 */
export function bceDiceLoss(options: BceDiceLossOptions = {}): Loss {
  const { bceWeight = 1, diceWeight = 1, ...dice } = options;
  for (const [name, weight] of Object.entries({ bceWeight, diceWeight })) {
    checkSetting(
      ["BCE and Dice loss", name, weight],
      weight >= 0 && weight < Infinity,
      "a number from 0",
    );
  }
  return sigmoidLoss({
    crossEntropy: bceWeight,
    dice: diceWeight,
    ...checkedDice(dice),
  });
}
