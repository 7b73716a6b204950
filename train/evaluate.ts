import * as tf from "@tensorflow/tfjs-core";
import type { Batch, DataLoader } from "@unet/data";
import { cannot } from "@unet/errors";
import type { Model } from "@unet/model";
import type { Loss } from "./loss.ts";
import {
  addBatch,
  noScores,
  type PixelSummary,
  summarizeScores,
} from "./pixel_scores.ts";
import { batchTensors, imageTensor } from "./train_step.ts";

/** What {@linkcode evaluate} measures with. */
export interface EvaluateOptions {
  /** The loss to measure. */
  readonly loss: Loss;
  /** When aborted, its reason is thrown before the next batch. */
  readonly signal?: AbortSignal;
}

/** What {@linkcode evaluate} measured. */
export interface Evaluation {
  /** The mean loss of the tiles. */
  readonly loss: number;
  /** Pixel scores; each tile counts as an image. */
  readonly scores: PixelSummary;
}

/**
 * Measures a model on all tiles of a loader, in inference mode.
 *
 * @param model The model; stays as it is.
 * @param loader Gives the tiles; its first epoch is taken.
 * @param options The loss, and what may abort.
 * @returns The mean loss of the tiles, a batch weighing as much as it has
 * tiles, and their scores at threshold 0.5.
 * @throws {RangeError} If the loader gives no tiles.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assert } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { bceWithLogits, evaluate } from "@unet/train";
 *
 * const batch = {
 *   shape: [1, 32, 32] as const,
 *   x: new Float32Array(32 * 32 * 3).fill(0.5),
 *   y: new Float32Array(32 * 32).fill(1),
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
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const { loss, scores } = await evaluate(model, loader, {
 *   loss: bceWithLogits,
 * });
 * assert(loss > 0 && scores.f1 <= 1);
 * ```
 */
export async function evaluate(
  model: Model,
  loader: DataLoader,
  { loss, signal }: EvaluateOptions,
): Promise<Evaluation> {
  let scores = noScores, lossSum = 0;
  for await (const batch of loader.batches(0)) {
    signal?.throwIfAborted();
    const [images] = batch.shape;
    const [logits, value] = tf.tidy(() => {
      const { x, y, weights } = batchTensors(batch, model.margin);
      const logits = model.forward(x, { training: false });
      return [logits, loss(logits, y, weights)] as const;
    });
    try {
      lossSum += images * (await value.data())[0]!;
      scores = addBatch(scores, {
        prediction: await logits.data() as Float32Array,
        target: batch.y,
        images,
        threshold: 0,
      });
    } finally {
      tf.dispose([logits, value]);
    }
  }
  if (scores.images === 0) {
    throw new RangeError(
      cannot("evaluate", "model on", "loader", {
        found: "no tiles",
        expected: "one or more",
      }),
    );
  }
  return { loss: lossSum / scores.images, scores: summarizeScores(scores) };
}

/**
 * The logits of a batch, in inference mode.
 *
 * @param model The model; stays as it is.
 * @param batch The tiles; their masks are not looked at.
 * @returns Logits, laid out as `[N, H, W, 1]`.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { predictBatch } from "@unet/train";
 *
 * const logits = await predictBatch(
 *   createModel({ width: 0.05 }, createRandom(0)),
 *   { shape: [2, 32, 64], x: new Float32Array(2 * 32 * 64 * 3) },
 * );
 * assertEquals(logits.length, 2 * 32 * 64);
 * ```
 */
export async function predictBatch(
  model: Model,
  batch: Pick<Batch, "shape" | "x">,
): Promise<Float32Array> {
  const logits = tf.tidy(() =>
    model.forward(imageTensor(batch, model.margin), { training: false })
  );
  try {
    return await logits.data() as Float32Array;
  } finally {
    logits.dispose();
  }
}
