import { borderPart } from "./border_part.ts";
import type { Loss } from "./loss.ts";
import { sigmoidLoss } from "./sigmoid_loss.ts";

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
export function borderLoss(options: BorderLossOptions = {}): Loss {
  return sigmoidLoss(borderPart(options));
}
