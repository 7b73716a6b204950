import { cannot } from "@unet/errors";
import type { Direction, Study, Trial } from "../study.ts";
import { checkCount } from "./_check_count.ts";
import { lastStep } from "../last_step.ts";
import { onlyDirection } from "./_only_direction.ts";
import type { Pruner } from "./pruner.ts";

/** The rungs of Successive Halving. */
export interface SuccessiveHalvingOptions {
  /**
   * The step of the first rung, from 1; "auto", the default, takes a hundredth
   * of the longest complete trial, once there is one.
   */
  readonly minimalResource?: number | "auto";
  /** One of how many trials continues at each rung, from 2; 4 by default. */
  readonly reductionFactor?: number;
  /** How many rungs to leave out from below; 0 by default. */
  readonly minimalEarlyStoppingRate?: number;
  /** Trials that must reach a rung before one continues; 0 by default. */
  readonly bootstrapCount?: number;
}

/**
 * A pruner by asynchronous Successive Halving (Li et al., "A system for
 * massively parallel hyperparameter tuning", 2020): at steps that grow by the
 * reduction factor, a trial continues only among the best of those that came so
 * far. It notes the value at each rung on the trial as Optuna does
 * (`completed_rung_0`), so that workers of both kinds compete with one another.
 *
 * With "auto" the first estimate holds for the life of the pruner.
 *
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { successiveHalvingPruner } from "@unet/tune/sampling";
 * import { assertThrows } from "@std/assert";
 *
 * successiveHalvingPruner({ minimalResource: 2, reductionFactor: 3 });
 * assertThrows(() => successiveHalvingPruner({ reductionFactor: 1 }), RangeError);
 * ```
 */
export function successiveHalvingPruner(
  options: SuccessiveHalvingOptions = {},
): Pruner {
  const {
    minimalResource = "auto",
    reductionFactor = 4,
    minimalEarlyStoppingRate = 0,
    bootstrapCount = 0,
  } = options;
  if (minimalResource !== "auto") {
    checkCount("option", "minimalResource", minimalResource, 1);
  }
  checkCount("option", "reductionFactor", reductionFactor, 2);
  checkCount(
    "option",
    "minimalEarlyStoppingRate",
    minimalEarlyStoppingRate,
    0,
  );
  checkCount("option", "bootstrapCount", bootstrapCount, 0);
  if (bootstrapCount > 0 && minimalResource === "auto") {
    throw new RangeError(cannot("use", "option", "bootstrapCount", {
      found: `${bootstrapCount} with minimalResource "auto"`,
      expected: "0, or a number as minimalResource",
    }));
  }
  let resource = minimalResource === "auto" ? null : minimalResource;

  return {
    shouldPrune(study: Study, trial: Trial) {
      const direction = onlyDirection("Successive Halving", study);
      const reached: Record<string, number> = {};
      const answer = (prune: boolean) => ({ prune, systemAttributes: reached });
      const step = lastStep(trial);
      if (step === null) return answer(false);
      const value = trial.intermediateValues.get(step)!;
      resource ??= estimateResource(study);
      if (resource === null) return answer(false);

      let rung = 0;
      while (keyOf(rung) in trial.systemAttributes) rung++;
      for (;; rung++) {
        const goal = resource *
          reductionFactor ** (minimalEarlyStoppingRate + rung);
        if (step < goal) return answer(false);
        if (Number.isNaN(value)) return answer(true);
        const key = keyOf(rung);
        reached[key] = value;
        const competing = study.trials.flatMap((other) => {
          const noted = other.systemAttributes[key];
          return other.number !== trial.number && typeof noted === "number"
            ? [noted]
            : [];
        });
        competing.push(value);
        if (
          competing.length <= bootstrapCount ||
          !isAmongBest(value, competing, reductionFactor, direction)
        ) return answer(true);
      }
    },
  };
}

/** Optuna's name for the value of a rung. */
function keyOf(rung: number): string {
  return `completed_rung_${rung}`;
}

function estimateResource({ trials }: Study): number | null {
  const steps = trials
    .filter(({ state }) => state === "complete")
    .map(lastStep)
    .filter((step) => step !== null);
  if (steps.length === 0) return null;
  const longest = steps.reduce((a, b) => Math.max(a, b));
  return Math.max(Math.floor(longest / 100), 1);
}

function isAmongBest(
  value: number,
  competing: readonly number[],
  factor: number,
  direction: Direction,
): boolean {
  // The first factor - 1 trials cannot wait: the best of them continues.
  const last = Math.max(Math.floor(competing.length / factor) - 1, 0);
  const sorted = Float64Array.from(competing).sort();
  return direction === "maximize"
    ? value >= sorted[sorted.length - 1 - last]!
    : value <= sorted[last]!;
}
