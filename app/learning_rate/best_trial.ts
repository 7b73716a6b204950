import { cannot, count, TrainingError } from "@unet/errors";
import type { Model } from "@unet/model";
import {
  evaluate,
  hasLearned,
  type LearningRateTrial,
  type Optimizer,
  searchLearningRate,
  tryLearningRate,
} from "@unet/train";
import { buildModel } from "../training/build_model.ts";
import type { TrainingSession } from "../training/open_session.ts";
import { lossOf, optimizerOf } from "../training/training_parts.ts";
import type { LrRangeEvents } from "./lr_range_events.ts";

/** Where short trainings begin, and how long they are. */
export interface TrialOptions {
  /** The learning rate of the first one. */
  readonly first: number;
  /** Steps of each. */
  readonly trialSteps: number;
}

/**
 * Looks for the best learning rate around one by short trainings, each from
 * the start of the session.
 *
 * @param session What training needs; its own network is left as it is.
 * @param options Where to begin, and how long to train.
 * @param events What is reported, and what ends it.
 * @returns The best of the short trainings, and all in order.
 * @throws {TrainingError} If none of them learned anything.
 */
export async function bestTrial(
  session: TrainingSession,
  { first, trialSteps }: TrialOptions,
  events: LrRangeEvents,
): Promise<{ best: LearningRateTrial; trials: LearningRateTrial[] }> {
  const trials: LearningRateTrial[] = [];
  const start = await scoreStart(session, events);
  const best = await searchLearningRate(async (rate) => {
    const trial = await trainBriefly(session, { rate, trialSteps }, events);
    trials.push(trial);
    events.onTrial?.(trial);
    return trial;
  }, { first, takesLowest: session.settings.weights === null });
  const steps = count(trialSteps, "step");
  const isBetter = best.evaluation !== null &&
    best.evaluation.scores.f1 > start;
  const isFromWeights = session.settings.weights !== null;
  if (!hasLearned(best) || !isFromWeights && !isBetter) {
    const rates = trials.map(({ learningRate }) => learningRate).join(", ");
    throw new TrainingError(
      cannot("suggest", "learning rate from", "short trainings", {
        found: `that ${steps} at ${rates} gave no network better than an ` +
          "untrained one, or than marking every pixel as object",
        expected: "a rate at which a network learns",
        remedy: "take more steps with `trialSteps`",
      }),
    );
  }
  if (!isBetter) {
    events.onNote?.(
      `Note: after ${steps}, no rate tried is better than the weights it ` +
        "starts from",
    );
  }
  return { best, trials };
}

async function trainBriefly(
  session: TrainingSession,
  { rate, trialSteps }: { readonly rate: number; readonly trialSteps: number },
  events: LrRangeEvents,
): Promise<LearningRateTrial> {
  const { settings, loaders, device } = session;
  using fresh = await startAnew(session, events);
  return await tryLearningRate({
    ...{ model: fresh.model, optimizer: fresh.optimizer, device },
    ...{ learningRate: rate, steps: trialSteps, seed: settings.seed },
    loss: lossOf(settings),
    trainDataloader: loaders.train,
    testDataloader: loaders.validation,
    ...(settings.batchNormBatches > 0 &&
      { batchNormBatches: settings.batchNormBatches }),
    ...(events.signal && { signal: events.signal }),
    onStep: ({ batch, batches, loss }) =>
      events.onStep?.({ learningRate: rate, done: batch, all: batches, loss }),
  });
}

/**
 * The F1 of the start: given weights as training scores them before its first
 * step, which is reported; a new network with the statistics of its features,
 * which a step that changes no weight gives it.
 */
async function scoreStart(
  session: TrainingSession,
  events: LrRangeEvents,
): Promise<number> {
  const { settings, loaders } = session;
  const signal = events.signal && { signal: events.signal };
  if (settings.weights === null) {
    const still = { rate: 0, trialSteps: 1 };
    const { evaluation } = await trainBriefly(session, still, { ...signal });
    return evaluation?.scores.f1 ?? 0;
  }
  using fresh = await startAnew(session, events);
  const evaluation = await evaluate(fresh.model, loaders.validation, {
    loss: lossOf(settings),
    ...signal,
  });
  events.onStartScores?.(evaluation);
  return evaluation.scores.f1;
}

/** The network and the optimizer that the session began with. */
async function startAnew(
  { settings }: TrainingSession,
  events: LrRangeEvents,
): Promise<{ model: Model; optimizer: Optimizer } & Disposable> {
  // Which weights they are was said when the session was opened.
  const { onWeights: _, ...rest } = events;
  const { model } = await buildModel(settings, rest);
  const optimizer = optimizerOf(settings);
  return {
    model,
    optimizer,
    [Symbol.dispose]() {
      model.dispose();
      optimizer.dispose();
    },
  };
}
