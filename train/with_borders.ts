import * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import { bceElements } from "./_bce_term.ts";
import { channelOf } from "./_channel_of.ts";
import { checkSetting } from "./_check_setting.ts";
import { diceTerm } from "./_dice_term.ts";
import { lossOf, type LossTerm, sumPerImage } from "./_loss_term.ts";
import type { Loss } from "./loss.ts";

/** How {@linkcode withBorders} weighs its parts. */
export interface BorderLossOptions {
  /** Weight of the borders' loss beside the object's, 0 or more; 0.1. */
  readonly weight?: number;
  /**
   * How much a border pixel counts in the cross entropy, where another counts
   * 1; above 0, 3 by default, for borders are a tenth of an image or less.
   */
  readonly positiveWeight?: number;
  /** Weight of the Dice loss beside the cross entropy, 0 or more; 1. */
  readonly diceWeight?: number;
}

/**
 * The loss of a network of two outputs: the given one of the object's channel,
 * as if it were alone, and of the border's
 *
 *     weight · (mean of [1 + (p − 1)·y]·BCE(x, y) + diceWeight · Dice(x, y))
 *
 * with `p` the positive weight, logits `x` and targets `y`. The first part is
 * PyTorch's `binary_cross_entropy_with_logits` with `pos_weight`.
 *
 * @param object The loss of the object's channel; gets the weights, if any.
 * @param options How much the parts count.
 * @returns A loss of logits and targets `[N, H, W, 2]` and weights
 * `[N, H, W, 1]`.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { bceWithLogits, withBorders } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const loss = withBorders(bceWithLogits, { weight: 2, diceWeight: 0 });
 * const undecided = tf.zeros<tf.Rank.R4>([1, 2, 2, 2]);
 * const nothing = tf.zeros<tf.Rank.R4>([1, 2, 2, 2]);
 * const value = loss(undecided, nothing).dataSync()[0]!;
 * assertAlmostEquals(value, (1 + 2) * Math.log(2), 1e-6);
 * ```
 */
export function withBorders(
  object: Loss,
  { weight = 0.1, positiveWeight = 3, diceWeight = 1 }: BorderLossOptions = {},
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
  const border = lossOf([
    { weight, term: positiveTerm(positiveWeight) },
    { weight: weight * diceWeight, term: diceTerm() },
  ]);
  return (logits, target, weights) => {
    checkChannels(logits, "logits");
    checkChannels(target, "target");
    return tf.tidy(() =>
      sumOf(
        object(channelOf(logits, 0), channelOf(target, 0), weights),
        border(channelOf(logits, 1), channelOf(target, 1)),
      )
    );
  };
}

/** Cross entropy in which a positive element counts more. */
function positiveTerm(positiveWeight: number): LossTerm {
  const weigh = (y: tf.Tensor4D): tf.Tensor4D =>
    tf.add(tf.mul(y, positiveWeight - 1), 1);
  return {
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

/** The sum of two numbers, with its gradient. */
function sumOf(a: tf.Scalar, b: tf.Scalar): tf.Scalar {
  const add = tf.customGrad((a, b) => ({
    value: tf.add(a as tf.Scalar, b as tf.Scalar),
    gradFunc: (dy: tf.Tensor) => [tf.clone(dy), tf.clone(dy)],
  }));
  return add(a, b) as tf.Scalar;
}

function checkChannels({ shape }: tf.Tensor4D, name: string): void {
  if (shape.length === 4 && shape[3] === 2) return;
  throw new TypeError(
    cannot("use", "loss of borders on", name, {
      found: `shape [${shape}]`,
      expected: "[N, H, W, 2]: object and border",
      remedy: name === "target"
        ? "give createLoader() the option borders"
        : "give createModel() the setting outputs: 2",
    }),
  );
}
