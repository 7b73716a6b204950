import * as tf from "@tensorflow/tfjs-core";
import type { Batch, DataLoader } from "@unet/data";
import type { Model } from "@unet/model";
import type { Loss } from "./loss.ts";
import {
  addBatch,
  noScores,
  type PixelSummary,
  summarizeScores,
} from "./pixel_scores.ts";
import { batchTensors } from "./train_step.ts";

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
 * @param loss The loss to measure.
 * @returns Loss and scores at threshold 0.5.
 */
export async function evaluate(
  model: Model,
  loader: DataLoader,
  loss: Loss,
): Promise<Evaluation> {
  let scores = noScores, lossSum = 0;
  for await (const batch of loader.batches(0)) {
    const [images] = batch.shape;
    const { x, y } = batchTensors(batch);
    const logits = model.forward(x, { training: false });
    const value = loss(logits, y);
    lossSum += images * (await value.data())[0]!;
    const prediction = await logits.data() as Float32Array;
    tf.dispose([x, y, logits, value]);
    scores = addBatch(scores, {
      prediction,
      target: batch.y,
      images,
      threshold: 0,
    });
  }
  return { loss: lossSum / scores.images, scores: summarizeScores(scores) };
}

/**
 * The logits of a batch, in inference mode.
 *
 * @param model The model; stays as it is.
 * @param batch The tiles; their masks are not looked at.
 * @returns Logits, laid out as `[N, H, W, 1]`.
 */
export async function predictBatch(
  model: Model,
  { shape: [count, height, width], x }: Batch,
): Promise<Float32Array> {
  const input = tf.tensor4d(x, [count, height, width, 3]);
  const logits = model.forward(input, { training: false });
  const values = await logits.data() as Float32Array;
  tf.dispose([input, logits]);
  return values;
}
