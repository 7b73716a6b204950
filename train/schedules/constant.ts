/**
 * A learning rate that stays the same. Runs in a browser.
 *
 * @module
 */
import { checkRate, checkStep } from "./check_step.ts";
import type { Scheduler } from "./scheduler.ts";

/** The settings of {@linkcode constant}. */
export interface ConstantOptions {
  /** The learning rate of all steps, from 0. */
  readonly learningRate: number;
}

/**
 * The same learning rate at every step.
 *
 * @param options The learning rate.
 * @returns The scheduler.
 * @throws {RangeError} If it is negative or not finite.
 *
 * @example
 * ```ts
 * import { constant } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = constant({ learningRate: 0.1 });
 * assertEquals(scheduler.at(1000, 34), { learningRate: 0.1 });
 * ```
 */
export function constant({ learningRate }: ConstantOptions): Scheduler {
  checkRate("constant", "learningRate", learningRate);
  return {
    name: "constant",
    settings: { learningRate },
    at(step, stepsPerEpoch) {
      checkStep("constant", step, stepsPerEpoch);
      return { learningRate };
    },
  };
}
