import * as tf from "@tensorflow/tfjs-core";
import { bceElements } from "./bce_term.ts";
import { checkSetting } from "../optimizers/check_setting.ts";
import { diceTerm } from "./dice_term.ts";
import { labeledTerm } from "./labeled_term.ts";
import { lossOf, type LossTerm, sumPerImage } from "./loss_term.ts";
import type { Loss } from "./loss.ts";

/** How {@linkcode borderLoss} weighs its parts. */
export interface BorderLossOptions {
  /** Weight of the whole, 0 or more; 0.1. */
  readonly weight?: number;
  /**
   * How much a border pixel counts in the cross entropy, where another counts
   * 1; above 0, 3 by default, for borders are a tenth of an image or less.
   */
  readonly positiveWeight?: number;
  /** Weight of the Dice loss beside the cross entropy, 0 or more; 1. */
  readonly diceWeight?: number;
  /** Whether elements with a target below 0 are left out; not by default. */
  readonly isSparse?: boolean;
}

/**
 * The loss of a border head:
 *
 *     weight · (mean of [1 + (p − 1)·y]·BCE(x, y) + diceWeight · Dice(x, y))
 *
 * with `p` the positive weight, logits `x` and targets `y`. The first part is
 * PyTorch's `binary_cross_entropy_with_logits` with `pos_weight`.
 *
 * @param options How much the parts count.
 * @returns A loss of logits and targets of one shape.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { borderLoss } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const loss = borderLoss({ weight: 2, diceWeight: 0 });
 * const undecided = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
 * const nothing = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
 * const value = loss(undecided, nothing).dataSync()[0]!;
 * assertAlmostEquals(value, 2 * Math.log(2), 1e-6);
 * ```
 */
export function borderLoss(
  { weight = 0.1, positiveWeight = 3, diceWeight = 1, isSparse = false }:
    BorderLossOptions = {},
): Loss {
  const least = { weight, diceWeight };
  for (const [name, value] of Object.entries(least)) {
    checkSetting(
      ["border loss", name, value],
      value >= 0 && value < Infinity,
      "a number from 0",
    );
  }
  checkSetting(
    ["border loss", "positiveWeight", positiveWeight],
    positiveWeight > 0 && positiveWeight < Infinity,
    "a number above 0",
  );
  return lossOf([
    { weight, term: positiveTerm(positiveWeight) },
    { weight: weight * diceWeight, term: diceTerm() },
  ].map((each) => isSparse ? { ...each, term: labeledTerm(each.term) } : each));
}

/** Cross entropy in which a positive element counts more. */
function positiveTerm(positiveWeight: number): LossTerm {
  const weigh = (y: tf.Tensor4D): tf.Tensor4D =>
    tf.add(tf.mul(y, positiveWeight - 1), 1);
  return {
    isMean: true,
    forward(x, y) {
      const weighted = tf.mul<tf.Tensor4D>(bceElements(x, y), weigh(y));
      const sum = tf.sum(sumPerImage(weighted));
      return { value: tf.mul(sum, 1 / x.size), saved: [x, y] };
    },
    gradient(scale, saved) {
      const [x, y] = saved as [tf.Tensor4D, tf.Tensor4D];
      const slope = tf.mul(tf.sub(tf.sigmoid(x), y), weigh(y));
      return tf.mul(slope, tf.mul(scale, 1 / x.size));
    },
  };
}
