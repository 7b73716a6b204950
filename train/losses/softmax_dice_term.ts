import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import { addPlanes, planesOf } from "./class_planes.ts";
import { type LossTerm, sumPerImage } from "./loss_term.ts";
import type { SoftmaxDiceLossOptions } from "./softmax_dice_options.ts";

/** The soft Dice loss of classes as a summand. */
export function softmaxDiceTerm(
  { smoothing = 1e-5, over = "batch", background = true }:
    SoftmaxDiceLossOptions = {},
): LossTerm {
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
  // [N] or [1] for each class.
  const total = (x: tf.Tensor4D): tf.Tensor1D => {
    const perImage = sumPerImage(x);
    return over === "image" ? perImage : tf.reshape(tf.sum(perImage), [1]);
  };
  return {
    forward(logits, target) {
      const shares = planesOf(tf.softmax(logits)), truth = planesOf(target);
      const known = addPlanes(truth), counted = background ? 0 : 1;
      const parts = shares.map((own, at) => {
        const overlap = total(tf.mul(own, truth[at]!));
        const numerator = tf.add<tf.Tensor1D>(tf.mul(overlap, 2), smoothing);
        const sums = tf.add(total(tf.mul(own, known)), total(truth[at]!));
        return { numerator, denominator: tf.add(sums, smoothing) };
      });
      const dice = parts.slice(parts.length === 1 ? 0 : counted).map(
        ({ numerator, denominator }) =>
          tf.mean<tf.Scalar>(tf.div(numerator, denominator)),
      );
      return {
        value: tf.add(tf.mul(tf.addN(dice), -1 / dice.length), 1),
        saved: [
          known,
          ...shares,
          ...truth,
          ...parts.map(({ numerator }) => numerator),
          ...parts.map(({ denominator }) => denominator),
        ],
      };
    },
    gradient(scale, saved) {
      const [known, ...rest] = saved as [tf.Tensor4D, ...tf.Tensor[]];
      const classes = rest.length / 4;
      const [shares, truth, numerators, denominators] = [0, 1, 2, 3].map((at) =>
        rest.slice(at * classes, (at + 1) * classes)
      ) as [tf.Tensor4D[], tf.Tensor4D[], tf.Tensor1D[], tf.Tensor1D[]];
      const counted = background || classes === 1 ? classes : classes - 1;
      const each = tf.mul(scale, 1 / (counted * numerators[0]!.size));
      // With D = U/V, dU/dp = 2y and dV/dp = 1: −dD/dp = U/V² − 2y/V.
      const slopes = shares.map((_, at): tf.Tensor4D | null => {
        if (at < classes - counted) return null;
        const part = tf.div<tf.Tensor>(each, denominators[at]!);
        const same = tf.div(tf.mul(part, numerators[at]!), denominators[at]!);
        return tf.sub(
          tf.mul(known, perImage(same)),
          tf.mul(truth[at]!, perImage(tf.mul(part, 2))),
        );
      });
      // Through the softmax: p (g − Σ p g).
      const weighted = shares.map((own, at) =>
        slopes[at] ? tf.mul<tf.Tensor4D>(own, slopes[at]) : null
      );
      const sum = addPlanes(weighted.filter((one) => one !== null));
      return tf.concat(
        shares.map((own, at) => {
          const rest = tf.mul<tf.Tensor4D>(own, sum);
          return weighted[at] ? tf.sub(weighted[at], rest) : tf.neg(rest);
        }),
        3,
      );
    },
  };
}

/** A number per image, or one for all, beside `[N, H, W, 1]`. */
function perImage(numbers: tf.Tensor): tf.Tensor {
  return numbers.size === 1
    ? tf.reshape(numbers, [])
    : tf.reshape(numbers, [-1, 1, 1, 1]);
}
