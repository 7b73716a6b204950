import * as tf from "@tensorflow/tfjs-core";
import type { Batch, DataLoader } from "@unet/data";
import { cannot } from "@unet/errors";
import type { Model } from "@unet/model";
import { channelOf } from "./_channel_of.ts";
import type { Loss } from "./loss.ts";
import type { PixelCounts } from "./metrics.ts";
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
  /** Pixel scores of objects; each tile counts as an image. */
  readonly scores: PixelSummary;
  /** How the pixels of all tiles agree with their masks. */
  readonly counts: PixelCounts;
  /**
   * The lowest and highest logit of an object; equal where a network gives
   * every pixel the same number, whatever the image.
   */
  readonly range: readonly [lowest: number, highest: number];
  /** Pixel scores of borders, where the model tells them. */
  readonly borderScores?: PixelSummary;
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
  let scores = noScores, borderScores = noScores, lossSum = 0;
  let lowest = Infinity, highest = -Infinity;
  const hasBorders = model.outputs === 2;
  for await (const batch of loader.batches(0)) {
    signal?.throwIfAborted();
    const [images] = batch.shape;
    const [channels, value] = tf.tidy(() => {
      const { x, y, weights } = batchTensors(batch, model.margin);
      const logits = model.forward(x, { training: false });
      return [channelsOf(logits), loss(logits, y, weights)] as const;
    });
    try {
      lossSum += images * (await value.data())[0]!;
      const [object, border] = channels;
      const measured = { images, threshold: 0 };
      const prediction = await object!.data<"float32">();
      scores = addBatch(scores, {
        ...{ prediction, target: batch.y },
        ...measured,
      });
      for (const logit of prediction) {
        if (logit < lowest) lowest = logit;
        if (logit > highest) highest = logit;
      }
      if (hasBorders) {
        borderScores = addBatch(borderScores, {
          prediction: await border!.data<"float32">(),
          target: batch.borders!,
          ...measured,
        });
      }
    } finally {
      tf.dispose([...channels, value]);
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
  return {
    loss: lossSum / scores.images,
    scores: summarizeScores(scores),
    counts: scores.counts,
    range: [lowest, highest],
    ...(hasBorders && { borderScores: summarizeScores(borderScores) }),
  };
}

/** Each channel of logits `[N, H, W, C]`. */
function channelsOf(logits: tf.Tensor4D): tf.Tensor4D[] {
  const channels = logits.shape[3];
  if (channels === 1) return [logits];
  return Array.from(
    { length: channels },
    (_, channel) => channelOf(logits, channel),
  );
}

/**
 * The logits of a batch's objects, in inference mode.
 *
 * @param model The model; stays as it is.
 * @param batch The tiles; their masks are not looked at.
 * @returns Logits of objects, laid out as `[N, H, W, 1]`; those of borders are
 * left out.
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
  const logits = tf.tidy(() => {
    const x = imageTensor(batch, model.margin);
    return channelsOf(model.forward(x, { training: false }))[0]!;
  });
  try {
    return await logits.data() as Float32Array;
  } finally {
    logits.dispose();
  }
}
