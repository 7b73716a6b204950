import type { Loss } from "./loss.ts";
import { sigmoidLoss } from "./sigmoid_loss.ts";

/**
 * Binary cross entropy of the sigmoid of the logits, averaged over all
 * elements: `max(x, 0) − x·y + log(1 + exp(−|x|))`, finite for any finite
 * logits. Its gradient is `(σ(x) − y) / size`.
 *
 * Equals PyTorch's `binary_cross_entropy_with_logits`, to 6e-8 an element, as
 * float32 allows.
 *
 * @param logits Scores before the sigmoid, `[N, H, W, C]`.
 * @param target 1 on objects and 0 on background, of the same shape.
 * @returns The mean, 0 or more. The caller disposes it.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { bceWithLogits } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const undecided = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
 * const target = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
 * const loss = bceWithLogits(undecided, target);
 * assertAlmostEquals(loss.dataSync()[0]!, Math.log(2), 1e-6);
 * ```
 */
export const bceWithLogits: Loss = sigmoidLoss({ crossEntropy: 1 });
