import type { DataLoader } from "@unet/data";
import type { Model } from "@unet/model";
import { createRandom } from "@unet/random";
import type { Loss } from "../losses/loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import {
  hasDiverged,
  type RangeTestPoint,
  rangeTestPoints,
  smoothLosses,
} from "./learning_rate_range.ts";
import { takeBatches } from "./take_batches.ts";
import { trainStep } from "../train_step.ts";

/** Options of {@linkcode findLearningRate}. */
export interface FindLearningRateOptions {
  /** The model; its weights are of no use afterwards. */
  readonly model: Model;
  /** The optimizer, fresh. */
  readonly optimizer: Optimizer;
  /** The loss. */
  readonly loss: Loss;
  /** Gives the batches, epoch after epoch as many as it takes. */
  readonly loader: DataLoader;
  /** The rates to try, from `rangeTestRates()`. */
  readonly rates: readonly number[];
  /** Seeds dropout. */
  readonly seed?: number;
  /** When aborted, the test ends after the step under way. */
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (done: number, loss: number) => void;
}

/**
 * The learning rate range test (Smith, 2017; fastai's `lr_find`): trains a
 * step at each rate, from small to large, until the loss blows up.
 *
 * @param options The model, the data and the rates.
 * @returns A point for each step done; the last may be of a loss that is not
 * finite.
 * @throws {RangeError} If the loader gives no batches.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import {
 *   bceWithLogits,
 *   findLearningRate,
 *   rangeTestRates,
 *   sgd,
 * } from "@unet/train";
 *
 * const batch = {
 *   shape: [1, 32, 32] as const,
 *   x: new Float32Array(32 * 32 * 3).fill(0.5),
 *   targets: { object: new Float32Array(32 * 32).fill(1) },
 *   ids: ["white"],
 * };
 * const points = await findLearningRate({
 *   model: createModel({ width: 0.02 }, createRandom(0)),
 *   optimizer: sgd(),
 *   loss: bceWithLogits,
 *   loader: {
 *     length: 1,
 *     tiles: 1,
 *     async *batches() {
 *       yield await Promise.resolve(batch);
 *     },
 *     close() {},
 *   },
 *   rates: rangeTestRates({ minimum: 1e-4, maximum: 1e-2, steps: 3 }),
 * });
 * assertEquals(points.length, 3);
 * ```
 */
export async function findLearningRate(
  options: FindLearningRateOptions,
): Promise<RangeTestPoint[]> {
  const { model, optimizer, loss, loader, rates, seed = 0 } = options;
  if (rates.length === 0) return [];
  const losses: number[] = [];
  for await (const batch of takeBatches(loader, rates.length).batches(0)) {
    losses.push(
      await trainStep(batch, {
        model,
        optimizer,
        loss,
        rate: { learningRate: rates[losses.length]! },
        random: createRandom(seed, losses.length),
      }),
    );
    options.onStep?.(losses.length, losses.at(-1)!);
    const smoothed = smoothLosses(losses);
    if (options.signal?.aborted || hasDiverged(smoothed)) break;
  }
  return rangeTestPoints(rates, losses);
}
