import { DivergedError } from "../diverged_error.ts";
import type { Evaluation } from "../metrics/evaluate.ts";
import { f1 } from "../metrics/metrics.ts";
import { cosine } from "../schedules/cosine.ts";
import { Trainer, type TrainerOptions } from "../trainer.ts";
import { takeBatches } from "./take_batches.ts";

/** Options of {@linkcode tryLearningRate}. */
export interface TryLearningRateOptions extends
  Pick<
    TrainerOptions,
    | "optimizer"
    | "loss"
    | "model"
    | "trainDataloader"
    | "testDataloader"
    | "device"
    | "seed"
    | "batchNormBatches"
    | "onStep"
  > {
  /** The highest learning rate, from which a cosine falls to 0. */
  readonly learningRate: number;
  /** How many steps, 1 or more. */
  readonly steps: number;
  /** When aborted, its reason is thrown after the step under way. */
  readonly signal?: AbortSignal;
}

/** A short training at a learning rate. */
export interface LearningRateTrial {
  /** The highest learning rate. */
  readonly learningRate: number;
  /**
   * What the validation after the last step measured; null if a loss, its own
   * or that of a step, was not finite.
   */
  readonly evaluation: Evaluation | null;
}

/**
 * Trains a few steps at a learning rate and validates, to prove what a range
 * test suggests: a training whose one epoch has that many steps.
 *
 * @param options The model and the optimizer, both as a training starts with
 * them and changed here; the data, the rate and the number of steps.
 * @returns The rate, and what the validation measured.
 * @throws {RangeError} If the loader gives no batches, or a number is out of
 * range.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { bceWithLogits, sgd, tryLearningRate } from "@unet/train";
 *
 * const batch = {
 *   shape: [1, 32, 32] as const,
 *   x: new Float32Array(32 * 32 * 3).fill(0.5),
 *   targets: { object: new Float32Array(32 * 32).fill(1) },
 *   ids: ["white"],
 * };
 * const loader = {
 *   length: 1,
 *   tiles: 1,
 *   async *batches() {
 *     yield await Promise.resolve(batch);
 *   },
 *   close() {},
 * };
 * const { evaluation } = await tryLearningRate({
 *   model: createModel({ width: 0.05 }, createRandom(0)),
 *   optimizer: sgd({ momentum: 0.9 }),
 *   loss: bceWithLogits,
 *   trainDataloader: loader,
 *   testDataloader: loader,
 *   device: { name: "cpu" },
 *   learningRate: 0.1,
 *   steps: 3,
 * });
 * assertEquals(evaluation!.scores.f1, 1);
 * ```
 */
export async function tryLearningRate(
  options: TryLearningRateOptions,
): Promise<LearningRateTrial> {
  const { learningRate, steps, signal, ...parts } = options;
  let evaluation: Evaluation | null = null;
  const trainer = new Trainer({
    ...parts,
    ...(signal && { signal }),
    trainDataloader: takeBatches(parts.trainDataloader, steps),
    epochs: 1,
    scheduler: cosine({ maxLearningRate: learningRate, epochs: 1 }),
    onEpoch: (report) => {
      evaluation = report.evaluation;
    },
  });
  try {
    await trainer.fit();
  } catch (cause) {
    if (!(cause instanceof DivergedError)) throw cause;
  }
  signal?.throwIfAborted();
  return { learningRate, evaluation };
}

/**
 * Whether a trial's network separates objects from background at all: its F1 is
 * higher than that of marking every pixel as object.
 *
 * @param trial The trial.
 * @returns Whether it is.
 *
 * @example
 * ```ts
 * import { hasLearned } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hasLearned({ learningRate: 9, evaluation: null }), false);
 * ```
 */
export function hasLearned({ evaluation }: LearningRateTrial): boolean {
  if (evaluation === null) return false;
  const { truePositive, falseNegative, falsePositive, trueNegative } =
    evaluation.counts;
  const trivial = f1({
    truePositive: truePositive + falseNegative,
    falsePositive: falsePositive + trueNegative,
    ...{ falseNegative: 0, trueNegative: 0 },
  });
  // Rounding is no merit.
  return evaluation.scores.f1 > trivial * (1 + 1e-6);
}
