import { checkRate, checkStep } from "./check_step.ts";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { Scheduler } from "./scheduler.ts";

/** The settings of {@linkcode cosineAnnealingWarmRestarts}. */
export interface WarmRestartsOptions {
  /** The rate after each restart, from 0; 0.4 by default, the report's best. */
  readonly maxLearningRate?: number;
  /** The rate that each period falls to, from 0; 0 by default. */
  readonly minLearningRate?: number;
  /** Epochs of the first period (T_0), a whole number; 10 by default. */
  readonly firstPeriod?: number;
  /**
   * How much longer each period is than the one before (T_mult), a whole
   * number; 2 by default, so that 30 epochs end with a period, at the lowest
   * rate.
   */
  readonly periodFactor?: number;
}

/**
 * Cosine annealing with warm restarts (SGDR, Loshchilov and Hutter, 2017): in
 * each period the rate falls along half a cosine wave, then starts anew.
 *
 * Equals PyTorch's `CosineAnnealingWarmRestarts` stepped before each batch with
 * the fraction of the epoch, `scheduler.step(epoch + i / batches)`. PyTorch
 * finds the period by a rounded logarithm, and at a few restarts, as at epoch
 * 121 with periods 1, 3, 9…, it is one step late; this counts exactly.
 *
 * @param options The settings.
 * @returns The scheduler.
 * @throws {RangeError} If a setting is out of range.
 *
 * @example
 * ```ts
 * import { cosineAnnealingWarmRestarts } from "@unet/train";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const scheduler = cosineAnnealingWarmRestarts({ maxLearningRate: 0.4 });
 * const stepsPerEpoch = 34;
 * const rateAt = (epoch: number) =>
 *   scheduler.at(epoch * stepsPerEpoch, stepsPerEpoch).learningRate;
 * assertEquals(rateAt(0), 0.4);
 * assertAlmostEquals(rateAt(5), 0.2);
 * assertEquals(rateAt(10), 0.4);
 * assertAlmostEquals(rateAt(20), 0.2);
 * ```
 */
export function cosineAnnealingWarmRestarts(
  options: WarmRestartsOptions = {},
): Scheduler {
  const {
    maxLearningRate = 0.4,
    minLearningRate = 0,
    firstPeriod = 10,
    periodFactor = 2,
  } = options;
  const name = "warm-restarts";
  checkRate(name, "maxLearningRate", maxLearningRate);
  checkRate(name, "minLearningRate", minLearningRate);
  for (const [key, value] of Object.entries({ firstPeriod, periodFactor })) {
    checkSetting(
      [name, key, value],
      Number.isSafeInteger(value) && value >= 1,
      "a whole number from 1",
    );
  }
  return {
    name,
    settings: { maxLearningRate, minLearningRate, firstPeriod, periodFactor },
    at(step, stepsPerEpoch) {
      checkStep(name, step, stepsPerEpoch);
      let period = firstPeriod * stepsPerEpoch;
      let into = step;
      if (periodFactor === 1) into %= period;
      while (into >= period) {
        into -= period;
        period *= periodFactor;
      }
      const height = (1 + Math.cos(Math.PI * into / period)) / 2;
      return {
        learningRate: minLearningRate +
          (maxLearningRate - minLearningRate) * height,
      };
    },
  };
}
