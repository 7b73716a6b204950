import type { Loss } from "./loss.ts";
import { sigmoidLoss } from "./sigmoid_loss.ts";

/**
 * The Paper's loss (Ronneberger et al., 2015, equation 1): cross entropy with
 * a weight for each pixel, averaged over all of them. `borderWeights()` of
 * `@unet/data` makes the Paper's weights, and a loader gives them along.
 *
 * The softmax of two channels is the sigmoid of their difference, which is the
 * logit that the Paper's network gives here; so this is its softmax cross
 * entropy, and PyTorch's `binary_cross_entropy_with_logits` with `weight`.
 *
 * @param logits Scores before the sigmoid, `[N, H, W, C]`.
 * @param target 1 on objects and 0 on background, of the same shape.
 * @param weights How much each element counts, of the same shape.
 * @returns The mean, 0 or more. The caller disposes it.
 * @throws {TypeError} If the shapes differ, or there are no weights.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { weightedCrossEntropy } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const undecided = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
 * const target = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
 * const weights = tf.fill<tf.Rank.R4>([1, 2, 2, 1], 3);
 * const loss = weightedCrossEntropy(undecided, target, weights);
 * assertAlmostEquals(loss.dataSync()[0]!, 3 * Math.log(2), 1e-6);
 * ```
 */
export const weightedCrossEntropy: Loss = sigmoidLoss({
  crossEntropy: 1,
  isWeighted: true,
});
