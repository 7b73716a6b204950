import { checkSetting } from "../optimizers/check_setting.ts";
import { hasLearned, type LearningRateTrial } from "./try_learning_rate.ts";

/** How {@linkcode searchLearningRate} searches. */
export interface SearchLearningRateOptions {
  /** The rate of the first trial, above 0. */
  readonly first: number;
  /** What neighboring rates differ by, above 1; 3 by default. */
  readonly factor?: number;
  /** The most trials, 1 or more; 7 by default. */
  readonly trials?: number;
  /**
   * Whether the lowest rate that does about as well as the best is taken, as
   * suits a network that is trained from the start; true by default. From
   * trained weights, a rate that changes nothing does as well.
   */
  readonly takesLowest?: boolean;
}

/**
 * F1 scores of short trainings that differ by no more are the same: repetitions
 * with another order of additions differ by as much.
 */
const sameF1 = 0.02;

/**
 * Looks for the best learning rate around one, by trials: goes down by a factor
 * until two in a row are no better, and if none was, up until one is no better.
 * At high rates, F1 differs by chance, so that one trial proves little there. A
 * trial that learned is
 * better than one that did not; of two that learned, the one whose F1 is higher
 * by more than 0.02. In between, and of two that did not learn, the one with
 * the lower validation loss is better. From a rate at which the loss is not
 * finite, it goes down in any case. Of all trials that learned, the lowest rate
 * whose F1 is within 0.02 of the highest is taken: it costs nothing in a short
 * training, and a longer one does better at it.
 *
 * @param attempt Makes a trial at a rate, such as `tryLearningRate()` with a
 * fresh model.
 * @param options Where to begin, and how far to go.
 * @returns The best trial, which may be one that learned nothing.
 * @throws {RangeError} If an option is out of range.
 * @throws Whatever `attempt` throws.
 *
 * @example
 * ```ts
 * import { searchLearningRate } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const tried: number[] = [];
 * const best = await searchLearningRate((learningRate) => {
 *   tried.push(learningRate);
 *   return Promise.resolve({ learningRate, evaluation: null });
 * }, { first: 0.9, trials: 3 });
 * assertEquals(tried, [0.9, 0.3, 0.1]);
 * assertEquals(best.evaluation, null);
 * ```
 */
export async function searchLearningRate(
  attempt: (learningRate: number) => Promise<LearningRateTrial>,
  options: SearchLearningRateOptions,
): Promise<LearningRateTrial> {
  const { first, factor = 3, trials = 7, takesLowest = true } = options;
  checkOptions({ first, factor, trials });
  // Two digits are what people write, and no trial proves more.
  const at = (place: number): Promise<LearningRateTrial> =>
    attempt(Number((first * factor ** place).toPrecision(2)));
  const start = await at(0);
  const all = [start];
  let best = start, made = 1;
  const climb = async (direction: 1 | -1, patience: number): Promise<void> => {
    let misses = 0;
    for (let place: number = direction; made < trials; place += direction) {
      const next = await at(place);
      made++;
      all.push(next);
      if (best.evaluation === null || isBetter(next, best)) {
        best = next;
        misses = 0;
      } else if (++misses > patience) return;
    }
  };
  await climb(-1, 1);
  if (best === start) await climb(1, 0);
  return takesLowest ? lowestOf(all) ?? best : best;
}

/** The lowest rate that did about as well as the best; none if none learned. */
function lowestOf(
  trials: readonly LearningRateTrial[],
): LearningRateTrial | undefined {
  const learned = trials.filter(hasLearned);
  const f1Of = ({ evaluation }: LearningRateTrial) => evaluation!.scores.f1;
  const highest = Math.max(...learned.map(f1Of));
  return learned.filter((trial) => f1Of(trial) >= highest - sameF1)
    .sort((a, b) => a.learningRate - b.learningRate)[0];
}

function isBetter(one: LearningRateTrial, other: LearningRateTrial): boolean {
  if (one.evaluation === null || other.evaluation === null) {
    return one.evaluation !== null;
  }
  if (hasLearned(one) !== hasLearned(other)) return hasLearned(one);
  const rise = one.evaluation.scores.f1 - other.evaluation.scores.f1;
  return hasLearned(one) && Math.abs(rise) > sameF1
    ? rise > 0
    : one.evaluation.loss < other.evaluation.loss;
}

function checkOptions(
  options: Required<Omit<SearchLearningRateOptions, "takesLowest">>,
): void {
  const { first, factor, trials } = options;
  const isAbove = (value: number, bound: number): boolean =>
    value > bound && value < Infinity;
  checkSetting(
    ["learning rate search", "first", first],
    isAbove(first, 0),
    "a number above 0",
  );
  checkSetting(
    ["learning rate search", "factor", factor],
    isAbove(factor, 1),
    "a number above 1",
  );
  checkSetting(
    ["learning rate search", "trials", trials],
    Number.isSafeInteger(trials) && trials > 0,
    "a whole number from 1",
  );
}
