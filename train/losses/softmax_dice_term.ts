import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { LossTerm } from "./loss_term.ts";
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
  // Row by row, as float32 sums of many pixels need it: [N or 1, 1, 1, C].
  const total = (x: tf.Tensor4D): tf.Tensor4D => {
    const perImage = tf.sum<tf.Tensor4D>(tf.sum(x, 2, true), 1, true);
    return over === "image" ? perImage : tf.sum(perImage, 0, true);
  };
  return {
    forward(logits, target) {
      const shares = tf.softmax(logits);
      const known = tf.sum<tf.Tensor4D>(target, 3, true);
      const overlap = total(tf.mul(shares, target));
      const numerator = tf.add<tf.Tensor4D>(tf.mul(overlap, 2), smoothing);
      const sums = tf.add(total(tf.mul(shares, known)), total(target));
      const denominator = tf.add(sums, smoothing);
      const share = countOf(numerator, background);
      const dice = tf.sum(tf.mul(tf.div(numerator, denominator), share));
      return {
        value: tf.sub(1, dice),
        saved: [shares, target, known, numerator, denominator, share],
      };
    },
    gradient(scale, saved) {
      const [shares, target, known, numerator, denominator, share] =
        saved as tf.Tensor4D[];
      // With D = U/V, dU/dp = 2y and dV/dp = 1: −dD/dp = U/V² − 2y/V.
      const part = tf.div(tf.mul(share!, scale), denominator!);
      const same = tf.mul(part, tf.div(numerator!, denominator!));
      const slopes = tf.sub(
        tf.mul(known!, same),
        tf.mul(tf.mul(target!, 2), part),
      );
      // Through the softmax: p (g − Σ p g).
      const mean = tf.sum(tf.mul(shares!, slopes), 3, true);
      return tf.mul(shares!, tf.sub(slopes, mean));
    },
  };
}

/** How much each class counts, all together 1 for the batch or its images. */
function countOf(
  { shape: [images, , , classes] }: tf.Tensor4D,
  background: boolean,
): tf.Tensor4D {
  const counted = background || classes === 1 ? classes : classes - 1;
  const shares = Array.from(
    { length: images * classes },
    (_, at) => at % classes >= classes - counted ? 1 / (counted * images) : 0,
  );
  return tf.tensor4d(shares, [images, 1, 1, classes]);
}
