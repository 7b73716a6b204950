import { crossEntropyTerm } from "./cross_entropy_term.ts";
import type { Loss } from "./loss.ts";
import { lossOf } from "./loss_term.ts";
import type { ClassWeightOptions } from "./class_weight_options.ts";

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
