import type { Direction, Trial } from "../study.ts";
import { lastStep } from "../last_step.ts";

/** Trials whose parameters to seek and to avoid, each by number. */
export interface SplitTrials {
  readonly good: readonly Trial[];
  readonly bad: readonly Trial[];
}

/** How many of `count` finished trials count as good: a tenth, at most 25. */
export function goodCount(count: number): number {
  return Math.min(Math.ceil(0.1 * count), 25);
}

/**
 * Splits complete, pruned and running trials as Optuna does: the best complete
 * ones are good; where these are too few, so are the pruned ones that came
 * farthest, the better first. Running ones are bad, for they are tried already.
 */
export function splitTrials(
  trials: readonly Trial[],
  direction: Direction,
): SplitTrials {
  const of = (state: Trial["state"]) =>
    trials.filter((trial) => trial.state === state);
  const sign = direction === "maximize" ? -1 : 1;
  const complete = of("complete").map((trial) => ({
    trial,
    keys: [sign * trial.values![0]!],
  })).sort(byKeys);
  const pruned = of("pruned").map((trial) => ({
    trial,
    keys: prunedKeys(trial, sign),
  })).sort(byKeys);
  const ranked = [...complete, ...pruned].map(({ trial }) => trial);
  const count = goodCount(ranked.length);
  const byNumber = (a: Trial, b: Trial) => a.number - b.number;
  return {
    good: ranked.slice(0, count).sort(byNumber),
    bad: [...ranked.slice(count), ...of("running")].sort(byNumber),
  };
}

/** Those that came farther are less; without a step a trial is the most. */
function prunedKeys(trial: Trial, sign: number): number[] {
  const step = lastStep(trial);
  if (step === null) return [1, 0];
  const value = sign * trial.intermediateValues.get(step)!;
  return [-step, Number.isNaN(value) ? Infinity : value];
}

interface Keyed {
  readonly keys: readonly number[];
}

/** Orders by the first number that differs; subtracting infinities would not. */
function byKeys({ keys: a }: Keyed, { keys: b }: Keyed): number {
  const at = a.findIndex((key, at) => key !== b[at]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
