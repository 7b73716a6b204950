import { cannot } from "@unet/errors";
import type { Study } from "../study.ts";
import { type Bracket, bracketOf, bracketsFrom } from "./_brackets.ts";
import { checkCount } from "./_check_count.ts";
import { lastStep } from "../last_step.ts";
import { onlyDirection } from "./_only_direction.ts";
import type { Pruner } from "./pruner.ts";

/** The brackets of Hyperband. */
export interface HyperbandOptions {
  /** The least number of steps of a trial, from 1; 1 by default. */
  readonly minimalResource?: number;
  /**
   * The number of steps of a whole trial; "auto", the default, takes that of
   * the longest complete one, and prunes nothing before there is one.
   */
  readonly maximalResource?: number | "auto";
  /** One of how many trials continues at each rung, from 2; 3 by default. */
  readonly reductionFactor?: number;
  /** Trials that must reach a rung before one continues; 0 by default. */
  readonly bootstrapCount?: number;
}

/**
 * A pruner by Hyperband (Li et al., "Hyperband: a novel bandit-based approach
 * to hyperparameter optimization", 2018): several runs of Successive Halving,
 * each patient for longer than the one before. A trial's bracket follows from
 * the name of the study and the trial's number as in Optuna, so that workers of
 * both kinds agree on it.
 *
 * With "auto" the first estimate holds for the life of the pruner.
 *
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { hyperbandPruner } from "@unet/tune/sampling";
 * import { assertThrows } from "@std/assert";
 *
 * hyperbandPruner({ maximalResource: 30 });
 * assertThrows(
 *   () => hyperbandPruner({ minimalResource: 9, maximalResource: 3 }),
 *   RangeError,
 * );
 * ```
 */
export function hyperbandPruner(options: HyperbandOptions = {}): Pruner {
  const {
    minimalResource = 1,
    maximalResource = "auto",
    reductionFactor = 3,
    bootstrapCount = 0,
  } = options;
  checkCount("option", "minimalResource", minimalResource, 1);
  if (maximalResource !== "auto") {
    checkCount("option", "maximalResource", maximalResource, minimalResource);
  }
  checkCount("option", "reductionFactor", reductionFactor, 2);
  checkCount("option", "bootstrapCount", bootstrapCount, 0);
  if (bootstrapCount > 0 && maximalResource === "auto") {
    throw new RangeError(cannot("use", "option", "bootstrapCount", {
      found: `${bootstrapCount} with maximalResource "auto"`,
      expected: "0, or a number as maximalResource",
    }));
  }

  let made: readonly Bracket[] | null = null;
  const bracketsFor = (study: Study): readonly Bracket[] | null => {
    if (made) return made;
    const longest = maximalResource === "auto"
      ? longestTrial(study)
      : maximalResource;
    if (longest === null) return null;
    made = bracketsFrom({
      minimalResource,
      maximalResource: longest,
      reductionFactor,
      bootstrapCount,
    });
    return made;
  };

  return {
    shouldPrune(study, trial) {
      onlyDirection("Hyperband", study);
      const brackets = bracketsFor(study);
      if (brackets === null) return { prune: false, systemAttributes: {} };
      const bracket = bracketOf(study.name, trial.number, brackets);
      const trials = study.trials.filter(({ number }) =>
        bracketOf(study.name, number, brackets) === bracket
      );
      return bracket.pruner.shouldPrune({ ...study, trials }, trial);
    },
  };
}

function longestTrial({ trials }: Study): number | null {
  const steps = trials
    .filter(({ state }) => state === "complete")
    .map(lastStep)
    .filter((step) => step !== null);
  return steps.length === 0 ? null : Math.max(...steps) + 1;
}
