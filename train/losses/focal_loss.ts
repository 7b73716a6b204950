import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { Loss } from "./loss.ts";
import { likelihoodTerm } from "./likelihood_term.ts";
import { lossOf, type LossTerm } from "./loss_term.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";

/** How {@linkcode focalLoss} weighs pixels. */
export interface FocalLossOptions extends ClassWeightOptions {
  /** How little certain pixels count, 0 or more; 2 by default. */
  readonly gamma?: number;
}

/** Keeps powers of the missing share finite where a network is certain. */
const least = 1e-7;

/**
 * The focal loss of Lin et al. (2017) for a softmax over classes: the cross
 * entropy with each pixel weighed by `(1 − p)^gamma`, so that pixels which the
 * network is certain of count little. `−Σ w (1 − p)^gamma log p / Σ w`; a pixel
 * whose ground truth is 0 in every channel counts nowhere.
 *
 * @param options The exponent, and the weights of classes.
 * @returns The loss of logits and targets `[N, H, W, C]`, a channel per class.
 * @throws {RangeError} If an option is negative or not finite.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { focalLoss } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits = tf.zeros<tf.Rank.R4>([1, 1, 1, 2]);
 * const target = tf.tensor4d([0, 1], [1, 1, 1, 2]);
 * const loss = focalLoss({ gamma: 2 })(logits, target);
 * assertAlmostEquals(loss.dataSync()[0]!, 0.25 * Math.log(2), 1e-6);
 * ```
 */
export function focalLoss(options: FocalLossOptions = {}): Loss {
  return lossOf([{ weight: 1, term: focalTerm(options) }]);
}

function focalTerm({ gamma = 2, ...options }: FocalLossOptions): LossTerm {
  checkSetting(
    ["focal loss", "gamma", gamma],
    gamma >= 0 && gamma < Infinity,
    "a number from 0",
  );
  return likelihoodTerm(options, (logarithms, shares) => {
    const missing = tf.maximum<tf.Tensor4D>(tf.add(tf.neg(shares), 1), least);
    const focus = gamma === 2
      ? tf.square<tf.Tensor4D>(missing)
      : tf.pow<tf.Tensor4D>(missing, gamma);
    // By log p: (1 − p)^γ − γ (1 − p)^(γ − 1) p log p.
    const bend = tf.div(tf.mul(tf.mul(shares, logarithms), gamma), missing);
    return {
      values: tf.mul(focus, logarithms),
      slopes: tf.mul(focus, tf.add(tf.neg(bend), 1)),
    };
  });
}
