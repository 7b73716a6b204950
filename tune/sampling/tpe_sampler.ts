import type { Choice } from "../distribution.ts";
import type { Trial } from "../study.ts";
import { chooseBest } from "./_choose_best.ts";
import { checkSpace } from "./check_space.ts";
import { checkCount } from "./_check_count.ts";
import { drawValue, isSingle } from "./_draw_value.ts";
import { onlyDirection } from "./_only_direction.ts";
import type { Sampler } from "./sampler.ts";
import { jointSpace } from "./_joint_space.ts";
import { splitTrials } from "./_split_trials.ts";

/** How TPE samples; the defaults are Optuna 5's. */
export interface TpeOptions {
  /** Finished trials to draw at random before it begins; 10 by default. */
  readonly startupTrials?: number;
  /** Points of which it takes the most promising; 24 by default. */
  readonly candidates?: number;
  /**
   * Whether parameters are chosen together, the default, or each on its own.
   * Parameters that not all trials have alike are always chosen by themselves.
   */
  readonly multivariate?: boolean;
  /**
   * Whether trials that still run count as bad, the default, so that workers do
   * not all try the same; else they do not count.
   */
  readonly constantLiar?: boolean;
}

/**
 * The tree-structured Parzen estimator (Bergstra et al., "Algorithms for
 * hyper-parameter optimization", 2011; Watanabe, "Tree-structured Parzen
 * estimator: understanding its algorithm components", 2023) as Optuna 5 has it:
 * of some points drawn near good trials it takes the one that is densest among
 * them by the density among the others.
 *
 * Pruned trials count by their last step and its value; failed and waiting ones
 * do not.
 *
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tpeSampler } from "@unet/tune/sampling";
 * import { createRandom } from "@unet/random";
 * import type { Space, Study, Trial } from "@unet/tune";
 * import { assert } from "@std/assert";
 *
 * const space: Space = {
 *   x: { kind: "float", low: -10, high: 10, log: false, step: null },
 * };
 * const sampler = tpeSampler();
 * const trials: Trial[] = [];
 * for (let number = 0; number < 40; number++) {
 *   const study: Study = {
 *     id: 0, name: "square", directions: ["minimize"], trials,
 *     userAttributes: {}, systemAttributes: {},
 *   };
 *   const random = createRandom(0, number);
 *   const { params } = sampler.sample(study, space, { random, number });
 *   trials.push({
 *     id: number, number, state: "complete", params, distributions: space,
 *     values: [(params.x as number) ** 2], intermediateValues: new Map(),
 *     userAttributes: {}, systemAttributes: {}, started: null, completed: null,
 *   });
 * }
 * assert(Math.min(...trials.map(({ values }) => values![0]!)) < 0.1);
 * ```
 */
export function tpeSampler(options: TpeOptions = {}): Sampler {
  const {
    startupTrials = 10,
    candidates = 24,
    multivariate = true,
    constantLiar = true,
  } = options;
  checkCount("option", "startupTrials", startupTrials, 0);
  checkCount("option", "candidates", candidates, 1);
  return {
    sample(study, space, { random, number }) {
      checkSpace(space);
      const direction = onlyDirection("TPE", study);
      const known = study.trials.filter((trial) => trial.number !== number);
      const finished = known.filter(isUseful);
      const running = constantLiar
        ? known.filter(({ state }) => state === "running")
        : [];

      const isStartup = finished.length < startupTrials;
      const several = Object.fromEntries(
        Object.entries(space).filter(([, values]) => !isSingle(values)),
      );
      const together = multivariate && !isStartup
        ? jointSpace(several, finished)
        : {};
      const split = splitTrials([...finished, ...running], direction);
      const found: Record<string, Choice> = chooseBest(
        together,
        split,
        candidates,
        random,
      );
      const params = Object.fromEntries(
        Object.entries(space).map(([name, distribution]) => {
          if (Object.hasOwn(found, name)) return [name, found[name]!];
          if (isStartup || isSingle(distribution)) {
            return [name, drawValue(distribution, random)];
          }
          const alone = { [name]: distribution };
          return [name, chooseBest(alone, split, candidates, random)[name]!];
        }),
      );
      return { params, systemAttributes: {} };
    },
  };
}

/** Whether a finished trial has a value to learn from. */
function isUseful({ state, values }: Trial): boolean {
  return state === "pruned" ||
    (state === "complete" && values?.length === 1 &&
      !Number.isNaN(values[0]!));
}
