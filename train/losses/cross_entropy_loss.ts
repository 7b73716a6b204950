import * as tf from "@tensorflow/tfjs-core";
import type { Loss } from "./loss.ts";
import { lossOf, type LossTerm, sumPerImage } from "./loss_term.ts";
import {
  checkClassWeights,
  type ClassWeightOptions,
  logSoftmax,
  throughLogSoftmax,
  weighClasses,
} from "./softmax_parts.ts";

/** Where no pixel counts, the loss is 0. */
const nearlyNothing = 1e-12;

/**
 * The cross entropy of a softmax over classes: `−Σ w log p / Σ w`, the sums over
 * the pixels that have a class, `p` the softmax of the true class and `w` its
 * weight. Equals PyTorch's `cross_entropy` with `weight` and `ignore_index`: a
 * pixel whose ground truth is 0 in every channel counts nowhere.
 *
 * @param options The weights of classes.
 * @returns The loss of logits and targets `[N, H, W, C]`, a channel per class,
 * the target 1 in the channel of the pixel's class.
 * @throws {RangeError} If a weight is negative or not finite, or, when called,
 * if there is not one weight per class.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { crossEntropyLoss } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const logits = tf.zeros<tf.Rank.R4>([1, 1, 2, 3]);
 * // The second pixel has no class.
 * const target = tf.tensor4d([0, 1, 0, 0, 0, 0], [1, 1, 2, 3]);
 * const loss = crossEntropyLoss()(logits, target);
 * assertAlmostEquals(loss.dataSync()[0]!, Math.log(3), 1e-6);
 * ```
 */
export function crossEntropyLoss(options: ClassWeightOptions = {}): Loss {
  return lossOf([{ weight: 1, term: crossEntropyTerm(options) }]);
}

/** The cross entropy as a summand. */
export function crossEntropyTerm(options: ClassWeightOptions = {}): LossTerm {
  checkClassWeights(options);
  return {
    forward(logits, target) {
      const logarithms = logSoftmax(logits);
      const weights = weighClasses(target, options);
      const total = tf.maximum(tf.sum(sumPerImage(weights)), nearlyNothing);
      const sum = tf.sum(sumPerImage(tf.mul(weights, logarithms)));
      return {
        value: tf.neg<tf.Scalar>(tf.div(sum, total)),
        saved: [tf.exp(logarithms), weights, total],
      };
    },
    gradient(scale, saved) {
      const [shares, weights, total] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Scalar,
      ];
      const share = tf.div(tf.neg(scale), total);
      return throughLogSoftmax(tf.mul(weights, share), shares);
    },
  };
}
