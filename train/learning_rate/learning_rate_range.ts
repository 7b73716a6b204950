import { cannot, count, TrainingError } from "@unet/errors";
import { checkSetting } from "../optimizers/check_setting.ts";

/** Which learning rates a range test tries. */
export interface RangeTestOptions {
  /** The rate of the first step, above 0; 1e-7 by default, as in fastai. */
  readonly minimum?: number;
  /** The rate of the last step, above the first; 10 by default, as in fastai. */
  readonly maximum?: number;
  /** Steps, from 2; 100 by default. */
  readonly steps?: number;
}

/** One step of a range test. */
export interface RangeTestPoint {
  /** The learning rate of the step. */
  readonly learningRate: number;
  /** The loss of its batch before the step. */
  readonly loss: number;
  /** The mean of the losses so far, later ones weighing more. */
  readonly smoothedLoss: number;
}

/** The learning rates that a range test suggests. */
export interface RangeTestSuggestion {
  /** The lower of the two, to begin with. */
  readonly learningRate: number;
  /** Midway down the longest descent of the smoothed loss. */
  readonly valley: number;
  /** A tenth of the rate with the lowest smoothed loss. */
  readonly tenthOfLowest: number;
}

/**
 * The learning rates of a range test (Smith, 2017), one per step, each the same
 * multiple of the one before.
 *
 * @param options From where to where, and in how many steps.
 * @returns The rates, both ends included.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { rangeTestRates } from "@unet/train";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rates = rangeTestRates({ minimum: 1e-4, maximum: 1, steps: 5 });
 * assertAlmostEquals(rates[1]!, 1e-3);
 * ```
 */
export function rangeTestRates(options: RangeTestOptions = {}): number[] {
  const { minimum = 1e-7, maximum = 10, steps = 100 } = options;
  checkSetting(
    ["range test", "minimum", minimum],
    minimum > 0 && minimum < Infinity,
    "a number above 0",
  );
  checkSetting(
    ["range test", "maximum", maximum],
    maximum > minimum && maximum < Infinity,
    `a number above the minimum ${minimum}`,
  );
  checkSetting(
    ["range test", "steps", steps],
    Number.isSafeInteger(steps) && steps >= 2,
    "a whole number from 2",
  );
  return Array.from(
    { length: steps },
    (_, i) => minimum * (maximum / minimum) ** (i / (steps - 1)),
  );
}

/**
 * Averages losses exponentially, corrected for the start from 0, as Adam
 * corrects its means.
 *
 * @param losses The losses in order.
 * @param keep How much of the mean each step keeps, from 0 to below 1; 0.9 by
 * default. fastai keeps 0.98, which lags behind by half of a test of 100 steps.
 * @returns As many means.
 * @throws {RangeError} If `keep` is out of range.
 *
 * @example
 * ```ts
 * import { smoothLosses } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(smoothLosses([1, 1, 4], 0.5), [1, 1, 19 / 7]);
 * ```
 */
export function smoothLosses(losses: readonly number[], keep = 0.9): number[] {
  checkSetting(
    ["smoothing", "keep", keep],
    keep >= 0 && keep < 1,
    "a number from 0, below 1",
  );
  let mean = 0;
  return losses.map((loss, i) => {
    mean = keep * mean + (1 - keep) * loss;
    return mean / (1 - keep ** (i + 1));
  });
}

/**
 * Whether a range test has seen enough: its last smoothed loss is not finite,
 * or exceeds the lowest by a factor.
 *
 * @param smoothed The smoothed losses so far.
 * @param factor How many times the lowest; 4 by default, as in fastai.
 * @returns Whether to stop.
 *
 * @example
 * ```ts
 * import { hasDiverged } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hasDiverged([0.7, 0.2, 0.7]), false);
 * assertEquals(hasDiverged([0.7, 0.2, 0.9]), true);
 * ```
 */
export function hasDiverged(smoothed: readonly number[], factor = 4): boolean {
  const last = smoothed.at(-1);
  if (last === undefined) return false;
  return !Number.isFinite(last) || last > factor * Math.min(...smoothed);
}

/**
 * Puts rates and losses together for {@linkcode suggestLearningRate} and
 * drawing.
 *
 * @param rates The rates; there may be more than losses, if the test stopped.
 * @param losses The losses in the same order.
 * @returns A point for each loss.
 *
 * @example
 * ```ts
 * import { rangeTestPoints } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rangeTestPoints([0.1, 0.2], [3]), [
 *   { learningRate: 0.1, loss: 3, smoothedLoss: 3 },
 * ]);
 * ```
 */
export function rangeTestPoints(
  rates: readonly number[],
  losses: readonly number[],
): RangeTestPoint[] {
  checkSetting(
    ["range test", "losses", losses.length],
    losses.length <= rates.length,
    `at most one for each of ${rates.length} rates`,
  );
  return smoothLosses(losses).map((smoothedLoss, i) => ({
    learningRate: rates[i]!,
    loss: losses[i]!,
    smoothedLoss,
  }));
}

/**
 * Reads learning rates off a range test. The first tenth of the points is left
 * out, where smoothing has little to average, and so are the last five, where
 * the loss blows up.
 *
 * `valley` is the default of fastai's `lr_find`: the middle, on the axis of
 * rates, of the longest sequence of ever lower losses, between which others may
 * lie. `tenthOfLowest` is the older rule of thumb. Of the two, the lower one is
 * suggested. Where the loss falls steepest, as fastai and PyTorch Lightning
 * suggested earlier, is no guide for a bounded loss such as Dice: it falls
 * steeply, too, when a network comes to answer "background" everywhere. A range
 * test is a hundred steps; `searchLearningRate()` proves what it suggests.
 *
 * @param points The points in order.
 * @returns The rates.
 * @throws {TrainingError} If there are too few points, or the loss falls by no
 * more than twice the median difference between one batch and the next.
 *
 * @example
 * ```ts
 * import {
 *   rangeTestPoints,
 *   rangeTestRates,
 *   suggestLearningRate,
 * } from "@unet/train";
 * import { assert } from "@std/assert";
 *
 * const rates = rangeTestRates();
 * const losses = rates.map((rate) => 1 / (1 + 1000 * rate) + rate ** 2);
 * const { learningRate } = suggestLearningRate(rangeTestPoints(rates, losses));
 * assert(learningRate > 1e-4 && learningRate < 1e-1);
 * ```
 */
export function suggestLearningRate(
  points: readonly RangeTestPoint[],
): RangeTestSuggestion {
  const finite = points.filter(({ smoothedLoss }) =>
    Number.isFinite(smoothedLoss)
  );
  const kept = finite.slice(Math.floor(finite.length / 10), -5);
  if (kept.length < 3) {
    throw noSuggestion(
      `${count(finite.length, "step")} with a finite loss`,
      "9 or more",
      "start at a smaller rate",
    );
  }
  const losses = kept.map(({ smoothedLoss }) => smoothedLoss);
  const lowest = losses.indexOf(Math.min(...losses));
  const fall = Math.max(...losses.slice(0, lowest + 1)) - losses[lowest]!;
  const noise = median(
    kept.slice(1).map(({ loss }, i) => Math.abs(loss - kept[i]!.loss)),
  );
  if (!(fall > 2 * noise)) {
    throw noSuggestion(
      `a loss that falls by no more than ${fall.toPrecision(2)}, where ` +
        `batches differ by ${noise.toPrecision(2)}`,
      "one that falls before it rises",
      "try more steps, or start at a smaller rate",
    );
  }
  const valley = kept[middleOfValley(losses)]!.learningRate;
  const tenthOfLowest = kept[lowest]!.learningRate / 10;
  return {
    learningRate: Math.min(valley, tenthOfLowest),
    ...{ valley, tenthOfLowest },
  };
}

/**
 * Halfway from the start to the end of the longest sequence of ever lower
 * losses; as in fastai, the start is as far before the end as it is long.
 */
function middleOfValley(losses: readonly number[]): number {
  const lengths = losses.map(() => 1);
  let end = 0;
  losses.forEach((loss, i) => {
    for (let before = 0; before < i; before++) {
      if (loss < losses[before]! && lengths[i]! <= lengths[before]!) {
        lengths[i] = lengths[before]! + 1;
      }
    }
    if (lengths[i]! > lengths[end]!) end = i;
  });
  const start = Math.max(0, end - lengths[end]!);
  const third = (end - start) / 3;
  return start + Math.floor(third) + Math.floor(third / 2);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function noSuggestion(
  found: string,
  expected: string,
  remedy: string,
): TrainingError {
  return new TrainingError(
    cannot("suggest", "learning rate from", "range test", {
      found,
      expected,
      remedy,
    }),
  );
}
