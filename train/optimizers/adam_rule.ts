import * as tf from "@tensorflow/tfjs-core";
import { checkSetting } from "./check_setting.ts";
import { Slots } from "./slots.ts";
import { pairUpdates } from "./updates.ts";
import type { Optimizer } from "./optimizer.ts";

/** The settings of {@linkcode adam} and {@linkcode adamw}. */
export interface AdamOptions {
  /** How much of the mean gradient stays, from 0 to below 1; 0.9 by default. */
  readonly beta1?: number;
  /** How much of the mean square stays, from 0 to below 1; 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the mean square; 1e-8 by default. */
  readonly epsilon?: number;
  /** Strength of weight decay; 0 by default for Adam, 0.01 for AdamW. */
  readonly weightDecay?: number;
}

/** Adam, with weight decay in the gradient or apart from it. */
export function adamRule(
  name: "adam" | "adamw",
  options: Required<AdamOptions>,
): Optimizer {
  const { beta1, beta2, epsilon, weightDecay } = options;
  checkOptions(name, options);
  const slots = new Slots(name, ["mean", "square", "steps"]);
  // The numbers in the "steps" slots, here too lest a step wait for a device.
  const steps = new Map<string, number>();

  return {
    name,
    settings: { beta1, beta2, epsilon, weightDecay },
    step(parameters, gradients, rate) {
      const { learningRate, momentum: keep = beta1 } = rate;
      const updates = pairUpdates(parameters, gradients, rate);
      slots.checkShapes(updates);
      for (const { name: key, parameter, gradient } of updates) {
        tf.tidy(() => {
          let start: tf.Tensor = parameter, slope = gradient;
          if (weightDecay > 0) {
            if (name === "adamw") {
              start = tf.mul(parameter, 1 - learningRate * weightDecay);
            } else {
              slope = tf.add(gradient, tf.mul(parameter, weightDecay));
            }
          }
          const mean = follow("mean", key, slope, keep);
          const square = follow("square", key, tf.square(slope), beta2);
          const count = (steps.get(key) ?? 0) + 1;
          steps.set(key, count);
          slots.set("steps", key, tf.scalar(count));
          // Both means start from 0, which these two correct.
          const meanScale = learningRate / (1 - keep ** count);
          const squareScale = 1 / Math.sqrt(1 - beta2 ** count);
          const root = tf.add(tf.mul(tf.sqrt(square), squareScale), epsilon);
          parameter.assign(
            tf.sub(start, tf.mul(tf.div(mean, root), meanScale)),
          );
        });
      }
    },
    state: () => slots.state(),
    restore(state) {
      const counts = [...state].filter(([key]) => key.startsWith("steps/"))
        .map(([key, tensor]) => [key, tensor.dataSync()[0]!] as const);
      for (const [key, count] of counts) {
        if (Number.isInteger(count) && count > 0) continue;
        throw slots.misfit(`${key} of ${count}`, "a whole number from 1");
      }
      slots.restore(state);
      steps.clear();
      for (const [key, count] of counts) {
        steps.set(key.slice("steps/".length), count);
      }
    },
    dispose() {
      slots.dispose();
      steps.clear();
    },
  };

  /** Moves an exponential mean towards a value. */
  function follow(
    slot: string,
    key: string,
    value: tf.Tensor,
    keep: number,
  ): tf.Tensor {
    const last = slots.get(slot, key);
    const fresh = tf.mul(value, 1 - keep);
    const next = last ? tf.add(tf.mul(last, keep), fresh) : fresh;
    slots.set(slot, key, next);
    return next;
  }
}

function checkOptions(rule: string, options: Required<AdamOptions>): void {
  const below1 = "a number from 0, below 1";
  for (const name of ["beta1", "beta2"] as const) {
    const value = options[name];
    checkSetting([rule, name, value], value >= 0 && value < 1, below1);
  }
  for (const name of ["epsilon", "weightDecay"] as const) {
    const value = options[name];
    checkSetting(
      [rule, name, value],
      value >= 0 && value < Infinity,
      "a number from 0",
    );
  }
}
