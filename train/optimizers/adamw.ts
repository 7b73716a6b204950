/**
 * AdamW. Runs in a browser.
 *
 * @module
 */
import { type AdamOptions, adamRule } from "./adam_rule.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), by the rule
 * of PyTorch's `torch.optim.AdamW`: each step first shrinks all parameters by
 * learning rate times weight decay, and is Adam's then. It remembers the same
 * as {@linkcode adam}.
 *
 * @param options The settings.
 * @returns The optimizer.
 * @throws {RangeError} If a setting is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { adamw } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const weights = new Map([["w", tf.variable(tf.scalar(8))]]);
 * const gradients = new Map([["w", tf.scalar(0)]]);
 * adamw({ weightDecay: 0.5 }).step(weights, gradients, { learningRate: 0.25 });
 * assertAlmostEquals(weights.get("w")!.dataSync()[0]!, 7, 1e-6);
 * ```
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } =
    options;
  return adamRule("adamw", { beta1, beta2, epsilon, weightDecay });
}
