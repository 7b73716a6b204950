import { type AdamOptions, adamRule } from "./adam_rule.ts";
import type { Optimizer } from "./optimizer.ts";

export type { AdamOptions };

/**
 * Adam (Kingma and Ba, 2015), by the rule of PyTorch's `torch.optim.Adam`;
 * weight decay joins the gradient, and acts on all parameters. A scheduler that
 * cycles momentum cycles `beta1`. The means are kept as `mean/<parameter>` and
 * `square/<parameter>`, the steps each parameter has seen as
 * `steps/<parameter>`.
 *
 * @param options The settings.
 * @returns The optimizer.
 * @throws {RangeError} If a setting is out of range.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { adam } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const weights = new Map([["w", tf.variable(tf.scalar(1))]]);
 * const gradients = new Map([["w", tf.scalar(1000)]]);
 * adam().step(weights, gradients, { learningRate: 0.25 });
 * assertAlmostEquals(weights.get("w")!.dataSync()[0]!, 0.75, 1e-6);
 * ```
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } =
    options;
  return adamRule("adam", { beta1, beta2, epsilon, weightDecay });
}
