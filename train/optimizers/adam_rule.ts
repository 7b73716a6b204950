import * as tf from "@tensorflow/tfjs-core";
import { type AdamStepAttrs, fusedKernels } from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { checkSetting } from "./check_setting.ts";
import { Slots } from "./slots.ts";
import { pairUpdates, type Update } from "./updates.ts";
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
  // The numbers in the "steps" slots, here too, so that no step waits for a device.
  const steps = new Map<string, number>();

  return {
    name,
    settings: { beta1, beta2, epsilon, weightDecay },
    step(parameters, gradients, rate) {
      const { learningRate, momentum: keep = beta1 } = rate;
      const updates = pairUpdates(parameters, gradients, rate);
      slots.checkShapes(updates);
      const step = hasKernel(fusedKernels.adamStep) ? stepFused : stepPlain;
      for (const update of updates) {
        const count = (steps.get(update.name) ?? 0) + 1;
        step(slots, update, {
          ...{ beta1: keep, beta2, epsilon },
          weightDecay: name === "adam" ? weightDecay : 0,
          shrink: name === "adamw" ? 1 - learningRate * weightDecay : 1,
          // Both means start from 0, which these two correct.
          stepSize: learningRate / (1 - keep ** count),
          rootScale: 1 / Math.sqrt(1 - beta2 ** count),
        });
        steps.set(update.name, count);
        slots.set("steps", update.name, tf.scalar(count));
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
}

/** One parameter's step, in tfjs' functions. */
function stepPlain(
  slots: Slots,
  { name, parameter, gradient }: Update,
  { beta1, beta2, epsilon, weightDecay, ...step }: AdamStepAttrs,
): void {
  tf.tidy(() => {
    const slope = weightDecay > 0
      ? tf.add(gradient, tf.mul(parameter, weightDecay))
      : gradient;
    const mean = follow(slots.get("mean", name), slope, beta1);
    const square = follow(slots.get("square", name), tf.square(slope), beta2);
    slots.set("mean", name, mean);
    slots.set("square", name, square);
    const start = step.shrink === 1
      ? parameter
      : tf.mul(parameter, step.shrink);
    const root = tf.add(tf.mul(tf.sqrt(square), step.rootScale), epsilon);
    parameter.assign(
      tf.sub(start, tf.mul(tf.div(mean, root), step.stepSize)),
    );
  });
}

/** Moves an exponential mean, which starts from 0, toward a value. */
function follow(
  last: tf.Tensor | undefined,
  value: tf.Tensor,
  keep: number,
): tf.Tensor {
  const fresh = tf.mul(value, 1 - keep);
  return last ? tf.add(tf.mul(last, keep), fresh) : fresh;
}

/** The same in one kernel of the device. */
function stepFused(
  slots: Slots,
  { name, parameter, gradient }: Update,
  attributes: AdamStepAttrs,
): void {
  const mean = slots.get("mean", name), square = slots.get("square", name);
  const [next, nextMean, nextSquare] = runKernel(
    fusedKernels.adamStep,
    { parameter, gradient, ...mean && { mean }, ...square && { square } },
    { ...attributes },
  ) as [tf.Tensor, tf.Tensor, tf.Tensor];
  parameter.assign(next);
  next.dispose();
  slots.set("mean", name, nextMean);
  slots.set("square", name, nextSquare);
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
