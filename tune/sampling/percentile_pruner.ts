import { cannot } from "@unet/errors";
import type { Trial } from "../study.ts";
import { checkCount } from "./_check_count.ts";
import { lastStep } from "../last_step.ts";
import { onlyDirection } from "./_only_direction.ts";
import type { Pruner } from "./pruner.ts";

/** When a percentile or median pruner judges at all. */
export interface PercentilePrunerOptions {
  /** Complete trials before the first is pruned; 5 by default. */
  readonly startupTrials?: number;
  /** The first step at which a trial may be pruned; 0 by default. */
  readonly warmupSteps?: number;
  /** Steps between judgments, from the first on; 1 by default. */
  readonly intervalSteps?: number;
  /** Trials that must have reported a step to judge by it; 1 by default. */
  readonly minimalTrials?: number;
}

/**
 * A pruner that ends a trial whose best value so far is worse than a percentile
 * of what complete trials reported at the same step. As in Optuna, a trial that
 * reported NaN alone is pruned, and NaN of others does not count.
 *
 * @param percentile How many of a hundred trials to keep, from 0 to 100.
 * @throws {RangeError} If the percentile or an option is out of range.
 *
 * @example
 * ```ts
 * import { percentilePruner } from "@unet/tune/sampling";
 * import { assertThrows } from "@std/assert";
 *
 * percentilePruner(25, { warmupSteps: 3 });
 * assertThrows(() => percentilePruner(101), RangeError);
 * ```
 */
export function percentilePruner(
  percentile: number,
  options: PercentilePrunerOptions = {},
): Pruner {
  const {
    startupTrials = 5,
    warmupSteps = 0,
    intervalSteps = 1,
    minimalTrials = 1,
  } = options;
  if (!(percentile >= 0 && percentile <= 100)) {
    throw new RangeError(cannot("use", "option", "percentile", {
      found: String(percentile),
      expected: "0 to 100",
    }));
  }
  checkCount("option", "startupTrials", startupTrials, 0);
  checkCount("option", "warmupSteps", warmupSteps, 0);
  checkCount("option", "intervalSteps", intervalSteps, 1);
  checkCount("option", "minimalTrials", minimalTrials, 1);

  const isWorse: Pruner["shouldPrune"] = (study, trial) => {
    const direction = onlyDirection("a percentile pruner", study);
    const keep = { prune: false, systemAttributes: {} };
    const complete = study.trials.filter(({ state }) => state === "complete");
    const step = lastStep(trial);
    if (
      step === null || complete.length === 0 ||
      complete.length < startupTrials || step < warmupSteps ||
      !isDue(trial, step, warmupSteps, intervalSteps)
    ) return keep;

    // Both directions are one when maximizing turns the signs.
    const sign = direction === "maximize" ? -1 : 1;
    const best = minimumOf(
      [...trial.intermediateValues.values()].map((value) => sign * value),
    );
    if (Number.isNaN(best)) return { ...keep, prune: true };
    const others = complete.flatMap(({ intermediateValues }) => {
      const value = intermediateValues.get(step);
      return value === undefined ? [] : [value];
    });
    if (others.length < minimalTrials) return keep;
    // The signs are turned after the percentile: its last bit depends on them.
    const bound = sign * percentileOf(
      others.filter((value) => !Number.isNaN(value)),
      direction === "maximize" ? 100 - percentile : percentile,
    );
    return { ...keep, prune: best > bound };
  };
  return { shouldPrune: isWorse };
}

/**
 * A pruner that ends a trial whose best value so far is worse than the median of
 * what complete trials reported at the same step; Optuna's default.
 *
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { medianPruner } from "@unet/tune/sampling";
 * import type { Study, Trial } from "@unet/tune";
 * import { assertEquals } from "@std/assert";
 *
 * const trial = (number: number, state: Trial["state"], value: number): Trial => ({
 *   id: number, number, state, values: null, params: {}, distributions: {},
 *   intermediateValues: new Map([[0, value]]),
 *   userAttributes: {}, systemAttributes: {}, started: null, completed: null,
 * });
 * const running = trial(3, "running", 0.4);
 * const study: Study = {
 *   id: 0, name: "example", directions: ["maximize"],
 *   userAttributes: {}, systemAttributes: {},
 *   trials: [trial(0, "complete", 0.5), trial(1, "complete", 0.6), running],
 * };
 * const pruner = medianPruner({ startupTrials: 2 });
 * assertEquals(pruner.shouldPrune(study, running).prune, true);
 * ```
 */
export function medianPruner(options: PercentilePrunerOptions = {}): Pruner {
  return percentilePruner(50, options);
}

/** Whether no judgment fell between this step and the last due before it. */
function isDue(
  { intermediateValues }: Trial,
  step: number,
  warmup: number,
  interval: number,
): boolean {
  const due = Math.floor((step - warmup) / interval) * interval + warmup;
  return [...intermediateValues.keys()].every((other) =>
    other === step || other < due
  );
}

/** The least number that is not NaN, or NaN. */
function minimumOf(values: readonly number[]): number {
  return values.reduce(
    (least, value) => value < least || Number.isNaN(least) ? value : least,
    NaN,
  );
}

/** NumPy's percentile, interpolated between neighbors; of nothing NaN. */
function percentileOf(values: readonly number[], percentile: number): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  const place = percentile / 100 * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  if (low === high) return low;
  const part = place - Math.floor(place);
  return part < 0.5
    ? low + (high - low) * part
    : high - (high - low) * (1 - part);
}
