import { checkRate, checkStep } from "./check_step.ts";
import { checkSetting } from "../optimizers/check_setting.ts";
import type { Scheduler } from "./scheduler.ts";

/** The settings of {@linkcode cyclicLR}. */
export interface CyclicLROptions {
  /** The highest rate, from 0; 0.4 by default, the report's best. */
  readonly maxLearningRate?: number;
  /** The lowest rate, from 0; a tenth of the highest by default. */
  readonly baseLearningRate?: number;
  /** Optimizer steps of a rise, a whole number; 2000 by default. */
  readonly stepSizeUp?: number;
  /** Optimizer steps of a fall, a whole number; as many as up by default. */
  readonly stepSizeDown?: number;
  /**
   * Whether all cycles are as high, the default `"triangular"`; each half as
   * high as the one before, `"triangular2"`; or the height shrinks by `gamma`
   * with each step, `"exp_range"`.
   */
  readonly mode?: "triangular" | "triangular2" | "exp_range";
  /** The shrinking of `"exp_range"`, above 0 up to 1; 1 by default. */
  readonly gamma?: number;
  /** Whether momentum falls where the rate rises; so by default. */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum, from 0 to below 1; 0.8 by default. */
  readonly baseMomentum?: number;
  /** The highest momentum, from 0 to below 1; 0.9 by default. */
  readonly maxMomentum?: number;
}

/**
 * Cyclical learning rates (Smith, 2017): the rate rises and falls in straight
 * lines, and momentum against it. Equals PyTorch's `CyclicLR` stepped after
 * each batch; its defaults too, but for the two rates, which PyTorch has none
 * for.
 *
 * @param options The settings.
 * @returns The scheduler; its cycles count steps, not epochs.
 * @throws {RangeError} If a setting is out of range.
 *
 * @example
 * ```ts
 * import { cyclicLR } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const scheduler = cyclicLR({
 *   baseLearningRate: 0.25,
 *   maxLearningRate: 0.75,
 *   stepSizeUp: 4,
 *   baseMomentum: 0.5,
 *   maxMomentum: 0.75,
 * });
 * assertEquals(scheduler.at(0, 34), { learningRate: 0.25, momentum: 0.75 });
 * assertEquals(scheduler.at(4, 34), { learningRate: 0.75, momentum: 0.5 });
 * assertEquals(scheduler.at(6, 34), { learningRate: 0.5, momentum: 0.625 });
 * ```
 */
export function cyclicLR(options: CyclicLROptions = {}): Scheduler {
  const settings = withDefaults(options);
  checkOptions(settings);
  const { stepSizeUp, stepSizeDown, mode, gamma } = settings;
  const { baseLearningRate, maxLearningRate } = settings;
  const { baseMomentum, maxMomentum } = settings;
  const cycleLength = stepSizeUp + stepSizeDown;
  const peak = stepSizeUp / cycleLength;

  return {
    name: "cyclic",
    settings: { ...settings },
    at(step, stepsPerEpoch) {
      checkStep("cyclic", step, stepsPerEpoch);
      // PyTorch's own operations in their order, for the same roundings.
      const cycle = Math.floor(1 + step / cycleLength);
      const x = 1 + step / cycleLength - cycle;
      const rise = x <= peak ? x / peak : (x - 1) / (peak - 1);
      const height = rise * heightAt(cycle, step);
      const learningRate = baseLearningRate +
        (maxLearningRate - baseLearningRate) * height;
      if (!settings.cycleMomentum) return { learningRate };
      const momentum = maxMomentum - (maxMomentum - baseMomentum) * height;
      return { learningRate, momentum };
    },
  };

  function heightAt(cycle: number, step: number): number {
    if (mode === "exp_range") return gamma ** step;
    return mode === "triangular2" ? 1 / 2 ** (cycle - 1) : 1;
  }
}

function withDefaults(options: CyclicLROptions): Required<CyclicLROptions> {
  const { maxLearningRate = 0.4, stepSizeUp = 2000 } = options;
  const {
    baseLearningRate = maxLearningRate / 10,
    stepSizeDown = stepSizeUp,
    mode = "triangular",
    gamma = 1,
    cycleMomentum = true,
    baseMomentum = 0.8,
    maxMomentum = 0.9,
  } = options;
  return {
    maxLearningRate,
    baseLearningRate,
    stepSizeUp,
    stepSizeDown,
    mode,
    gamma,
    cycleMomentum,
    baseMomentum,
    maxMomentum,
  };
}

function checkOptions(settings: Required<CyclicLROptions>): void {
  const check = (
    name: keyof CyclicLROptions,
    isRight: (value: number) => boolean,
    expected: string,
  ) => {
    const value = settings[name];
    checkSetting(["cyclic", name, value], isRight(value as number), expected);
  };
  checkRate("cyclic", "maxLearningRate", settings.maxLearningRate);
  checkRate("cyclic", "baseLearningRate", settings.baseLearningRate);
  for (const name of ["stepSizeUp", "stepSizeDown"] as const) {
    const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
    check(name, isCount, "a whole number from 1");
  }
  for (const name of ["baseMomentum", "maxMomentum"] as const) {
    check(name, (value) => value >= 0 && value < 1, "a number from 0, below 1");
  }
  check("gamma", (value) => value > 0 && value <= 1, "above 0, up to 1");
  checkSetting(
    ["cyclic", "mode", settings.mode],
    ["triangular", "triangular2", "exp_range"].includes(settings.mode),
    '"triangular", "triangular2" or "exp_range"',
  );
}
