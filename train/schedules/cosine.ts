import { checkRate, checkStep } from "./check_step.ts";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { Scheduler } from "./scheduler.ts";

/** The settings of {@linkcode cosine}. */
export interface CosineOptions {
  /** Epochs from the highest to the lowest rate, above 0. */
  readonly epochs: number;
  /** The rate of the first step, from 0; 0.4 by default. */
  readonly maxLearningRate?: number;
  /** The rate at the end and after it, from 0; 0 by default. */
  readonly minLearningRate?: number;
}

/**
 * Half a cosine wave from the highest learning rate down to the lowest, where
 * it stays. Up to there it equals PyTorch's `CosineAnnealingLR` stepped after
 * each batch with `T_max = epochs · stepsPerEpoch`; PyTorch's then rises again.
 *
 * @param options The settings.
 * @returns The scheduler.
 * @throws {RangeError} If a setting is out of range.
 *
 * @example
 * ```ts
 * import { cosine } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { at } = cosine({ epochs: 30, maxLearningRate: 0.4 });
 * assertAlmostEquals(at(15 * 34, 34).learningRate, 0.2);
 * ```
 */
export function cosine(options: CosineOptions): Scheduler {
  const { epochs, maxLearningRate = 0.4, minLearningRate = 0 } = options;
  checkSetting(
    ["cosine", "epochs", epochs],
    epochs > 0 && epochs < Infinity,
    "a number above 0",
  );
  checkRate("cosine", "maxLearningRate", maxLearningRate);
  checkRate("cosine", "minLearningRate", minLearningRate);
  return {
    name: "cosine",
    settings: { epochs, maxLearningRate, minLearningRate },
    at(step, stepsPerEpoch) {
      checkStep("cosine", step, stepsPerEpoch);
      const share = Math.min(1, step / (epochs * stepsPerEpoch));
      const height = (1 + Math.cos(Math.PI * share)) / 2;
      return {
        learningRate: minLearningRate +
          (maxLearningRate - minLearningRate) * height,
      };
    },
  };
}
