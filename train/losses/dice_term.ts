import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import { type LossTerm, sumPerImage } from "./loss_term.ts";
import type { DiceLossOptions } from "./dice_loss_options.ts";
import type { SigmoidLoss } from "./sigmoid_loss.ts";

/** The options as a loss of channels has them, checked. */
export function checkedDice(
  { smoothing = 1e-5, over = "batch" }: DiceLossOptions,
): Pick<SigmoidLoss, "smoothing" | "perImage"> {
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
  return { smoothing, perImage: over === "image" };
}

/** Soft Dice loss. */
export function diceTerm(
  { smoothing, over }: Required<DiceLossOptions>,
): LossTerm {
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
      // A tensor comes first, for devices that lack a number less a tensor.
      const slope = tf.add(tf.mul(y, tf.mul(share, -2)), constant);
      return tf.mul(slope, tf.mul(p, tf.add(tf.neg(p), 1)));
    },
  };
}
