import { cannot, TrainingError, UsageError } from "@unet/errors";
import {
  findLearningRate,
  type LearningRateTrial,
  type RangeTestPoint,
  rangeTestRates,
  type RangeTestSuggestion,
  suggestLearningRate,
} from "@unet/train";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import { mostTrialSteps, rangeTestEnds } from "../settings/recipes.ts";
import type {
  TrainChoices,
  TrainSettings,
} from "../settings/train_settings.ts";
import { openSession, type TrainingSession } from "../training/open_session.ts";
import { lossOf } from "../training/training_parts.ts";
import { bestTrial } from "./best_trial.ts";
import type { LrRangeEvents } from "./lr_range_events.ts";

/** Settings of the training, and of the range test for it. */
export interface LrRangeChoices extends TrainChoices {
  /** The first learning rate; by default what `rangeTestEnds` has. */
  readonly from?: number;
  /** The last learning rate; by default what `rangeTestEnds` has. */
  readonly to?: number;
  /** Learning rates of the range test, one step each; 100 by default. */
  readonly steps?: number;
  /**
   * Steps of each short training, 0 for none; by default as many as the
   * training has, at most {@linkcode mostTrialSteps}.
   */
  readonly trialSteps?: number;
}

/** The result of a range test. */
export interface LrRangeReport {
  /** The settings, complete; `learningRate` is what they have without a test. */
  readonly settings: TrainSettings;
  /** The learning rate that is suggested, in two digits. */
  readonly learningRate: number;
  /** Steps per epoch of the training. */
  readonly stepsPerEpoch: number;
  /** Steps of each short training. */
  readonly trialSteps: number;
  /** The curve. */
  readonly points: readonly RangeTestPoint[];
  /** What the curve gives; null where it gives nothing. */
  readonly suggestion: RangeTestSuggestion | null;
  /** The short trainings in order. */
  readonly trials: readonly LearningRateTrial[];
}

/**
 * Suggests a learning rate for a training: reads a first one off a range test,
 * then looks around it by short trainings, each from the same start. Keeps no
 * model.
 *
 * @param choices Settings of the training and of the test.
 * @param events What is reported, and what ends it.
 * @returns The learning rate, and what it was found by.
 * @throws {UsageError} If choices contradict one another.
 * @throws {TrainingError} If no short training learned anything, or, without
 * any, if the curve gives no rate.
 * @throws {UnetError} If data or device cannot be opened.
 *
 * @example
 * ```ts
 * import { lrRange } from "@unet/app";
 * import { synthesize, writeKaggle } from "@unet/data";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const drawn = synthesize({ count: 6, width: 32, height: 32, seed: 1 });
 * await writeKaggle(drawn, `${folder}/data`);
 * const { learningRate } = await lrRange({
 *   data: `${folder}/data`,
 *   ...{ width: 0.05, tile: 32, batch: 4, device: "wasm", workers: 0 },
 *   ...{ steps: 60, trialSteps: 0 },
 * });
 * assert(learningRate > 1e-5 && learningRate < 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function lrRange(
  choices: LrRangeChoices,
  events: LrRangeEvents = {},
): Promise<LrRangeReport> {
  const { from, to, steps = 100, trialSteps: wish, ...training } = choices;
  const wanted = await completeTrainSettings(training);
  const rates = ratesOf(wanted, { from, to, steps });
  await using session = await openSession(wanted, events);
  events.signal?.throwIfAborted();
  const { settings } = session;
  events.onStart?.(settings);
  const points = await measureCurve(session, rates, events);
  const { suggestion, fault } = readOff(points);
  await events.onCurve?.(points, suggestion);
  events.signal?.throwIfAborted();
  const stepsPerEpoch = session.loaders.train.length;
  const trialSteps = wish ??
    Math.min(mostTrialSteps, settings.epochs * stepsPerEpoch);
  const found = { settings, stepsPerEpoch, trialSteps, points, suggestion };
  if (trialSteps === 0) {
    if (suggestion === null) throw fault;
    const learningRate = Number(suggestion.learningRate.toPrecision(2));
    return { ...found, learningRate, trials: [] };
  }
  if (suggestion === null) events.onNote?.(`Note: ${fault.message}`);
  const { best, trials } = await bestTrial(session, {
    ...{ first: suggestion?.learningRate ?? usualRate(settings), trialSteps },
  }, events);
  const { learningRate } = best;
  return { ...found, learningRate, trials };
}

function ratesOf(
  { optimizer }: TrainSettings,
  { from, to, steps }: {
    readonly from: number | undefined;
    readonly to: number | undefined;
    readonly steps: number;
  },
): number[] {
  const ends = rangeTestEnds[optimizer];
  const minimum = from ?? ends.minimum, maximum = to ?? ends.maximum;
  if (maximum <= minimum) {
    throw new UsageError(
      cannot("use", "setting", "to", {
        found: String(maximum),
        expected: `above \`from ${minimum}\``,
      }),
    );
  }
  return rangeTestRates({ minimum, maximum, steps });
}

async function measureCurve(
  { model, optimizer, loaders, settings }: TrainingSession,
  rates: readonly number[],
  { signal, onStep }: LrRangeEvents,
): Promise<RangeTestPoint[]> {
  const points = await findLearningRate({
    ...{ model, optimizer, rates, loss: lossOf(settings) },
    ...{ loader: loaders.train, seed: settings.seed },
    ...(signal && { signal }),
    onStep: (done, loss) =>
      onStep?.({ learningRate: null, done, all: rates.length, loss }),
  });
  signal?.throwIfAborted();
  return points;
}

/** What the curve gives, or why it gives nothing. */
function readOff(
  points: readonly RangeTestPoint[],
):
  | { suggestion: RangeTestSuggestion; fault?: undefined }
  | { suggestion: null; fault: TrainingError } {
  try {
    return { suggestion: suggestLearningRate(points) };
  } catch (fault) {
    if (!(fault instanceof TrainingError)) throw fault;
    return { suggestion: null, fault };
  }
}

/**
 * Where short trainings begin if the curve gives nothing, as for weights that
 * are trained already: what training takes without a test, for these a third.
 */
function usualRate({ weights, learningRate }: TrainSettings): number {
  return learningRate * (weights === null ? 1 : 0.3);
}
