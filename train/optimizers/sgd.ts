/**
 * Stochastic gradient descent. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels, type SgdStepAttrs } from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { checkSetting } from "./check_setting.ts";
import { Slots } from "./slots.ts";
import { pairUpdates, type Update } from "./updates.ts";
import type { Optimizer } from "./optimizer.ts";

/** The settings of {@linkcode sgd}. */
export interface SgdOptions {
  /** How much of the last velocity stays, from 0 to below 1; 0.9 by default. */
  readonly momentum?: number;
  /** How little of the gradient joins the velocity, 0…1; 0 by default. */
  readonly dampening?: number;
  /** Share of each parameter added to its gradient; 0 by default. */
  readonly weightDecay?: number;
  /** Whether the step looks one velocity ahead (Nesterov); not by default. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent with momentum, by PyTorch's rule, to the letter
 * of `torch.optim.SGD`:
 *
 * - gradient ← gradient + weightDecay · parameter
 * - velocity ← momentum · velocity + (1 − dampening) · gradient, and at a
 *   parameter's first step velocity ← gradient
 * - parameter ← parameter − learning rate · velocity, or with Nesterov
 *   parameter − learning rate · (gradient + momentum · velocity)
 *
 * The learning rate multiplies the whole velocity, so that a change of it acts
 * at once. Weight decay acts on all parameters, biases and batch norm
 * included, as PyTorch's does by default. The velocity of a parameter is kept
 * as `momentum/<parameter>`.
 *
 * @param options The settings.
 * @returns The optimizer.
 * @throws {RangeError} If a setting is out of range, or Nesterov is without
 * momentum or with dampening.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { sgd } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const weights = new Map([["w", tf.variable(tf.tensor1d([1, 2]))]]);
 * const gradients = new Map([["w", tf.tensor1d([1, -1])]]);
 * const optimizer = sgd({ momentum: 0.5 });
 * optimizer.step(weights, gradients, { learningRate: 1 });
 * optimizer.step(weights, gradients, { learningRate: 1 });
 * assertEquals([...weights.get("w")!.dataSync()], [-1.5, 4.5]);
 * ```
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const {
    momentum = 0.9,
    dampening = 0,
    weightDecay = 0,
    nesterov = false,
  } = options;
  checkOptions({ momentum, dampening, weightDecay, nesterov });
  const slots = new Slots("sgd", ["momentum"]);
  return {
    name: "sgd",
    settings: { momentum, dampening, weightDecay, nesterov },
    step(parameters, gradients, rate) {
      const { learningRate, momentum: keep = momentum } = rate;
      const updates = pairUpdates(parameters, gradients, rate);
      slots.checkShapes(updates);
      const isFused = keep > 0 && hasKernel(fusedKernels.sgdStep);
      const step = isFused ? stepFused : stepPlain;
      for (const update of updates) {
        step(slots, update, {
          ...{ learningRate, momentum: keep },
          ...{ dampening, weightDecay, nesterov },
        });
      }
    },
    state: () => slots.state(),
    restore: (state) => slots.restore(state),
    dispose: () => slots.dispose(),
  };
}

/** One parameter's step, in tfjs' functions. */
function stepPlain(
  slots: Slots,
  update: Update,
  settings: SgdStepAttrs,
): void {
  const { parameter, gradient } = update;
  const { learningRate, momentum, weightDecay, nesterov } = settings;
  tf.tidy(() => {
    let direction = gradient;
    if (weightDecay > 0) {
      direction = tf.add(gradient, tf.mul(parameter, weightDecay));
    }
    if (momentum > 0) {
      const moved = { ...update, gradient: direction };
      const velocity = nextVelocity(slots, moved, settings);
      direction = nesterov
        ? tf.add(direction, tf.mul(velocity, momentum))
        : velocity;
    }
    parameter.assign(tf.sub(parameter, tf.mul(direction, learningRate)));
  });
}

/** The same in one kernel of the device. */
function stepFused(
  slots: Slots,
  { name, parameter, gradient }: Update,
  settings: SgdStepAttrs,
): void {
  const velocity = slots.get("momentum", name);
  const [next, moved] = runKernel(
    fusedKernels.sgdStep,
    velocity ? { parameter, gradient, velocity } : { parameter, gradient },
    { ...settings },
  ) as [tf.Tensor, tf.Tensor];
  parameter.assign(next);
  next.dispose();
  slots.set("momentum", name, moved);
}

function nextVelocity(
  slots: Slots,
  { name, gradient }: Update,
  { momentum, dampening }: SgdStepAttrs,
): tf.Tensor {
  const last = slots.get("momentum", name);
  const velocity = last
    ? tf.add(
      tf.mul(last, momentum),
      dampening === 0 ? gradient : tf.mul(gradient, 1 - dampening),
    )
    : tf.clone(gradient);
  slots.set("momentum", name, velocity);
  return velocity;
}

function checkOptions(options: Required<SgdOptions>): void {
  const { momentum, dampening, weightDecay, nesterov } = options;
  const check = (name: string, isRight: boolean, expected: string) => {
    const value = options[name as keyof SgdOptions];
    checkSetting(["SGD", name, value], isRight, expected);
  };
  check("momentum", momentum >= 0 && momentum < 1, "a number from 0, below 1");
  check("dampening", dampening >= 0 && dampening <= 1, "a number from 0 to 1");
  check(
    "weightDecay",
    weightDecay >= 0 && weightDecay < Infinity,
    "a number from 0",
  );
  check(
    "nesterov",
    !nesterov || (momentum > 0 && dampening === 0),
    "momentum above 0 and no dampening with it",
  );
}
