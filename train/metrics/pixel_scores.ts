import { cannot } from "@unet/errors";
import {
  addPixels,
  countPixels,
  f1,
  iou,
  noPixels,
  type PixelCounts,
  precision,
  recall,
} from "./metrics.ts";

/** Accumulates pixel scores over images. */
export interface PixelScores {
  /** Images so far. */
  readonly images: number;
  /** The counts of all their pixels. */
  readonly counts: PixelCounts;
  /** The sum of the images' own F1. */
  readonly f1Sum: number;
}

/** The scores of a set of images, each between 0 and 1. */
export interface PixelSummary {
  /** F1 over the pixels of all images (micro-averaged). */
  readonly f1: number;
  /** The mean of the images' own F1; NaN without images. */
  readonly f1PerImage: number;
  /** Intersection over union over the pixels of all images. */
  readonly iou: number;
  /** Precision over the pixels of all images. */
  readonly precision: number;
  /** Recall over the pixels of all images. */
  readonly recall: number;
}

/** No images yet; where {@linkcode addBatch} starts. */
export const noScores: PixelScores = { images: 0, counts: noPixels, f1Sum: 0 };

/**
 * Adds the images of a batch to the scores.
 *
 * @param scores The scores so far; they stay as they are.
 * @param batch The predictions and targets.
 * @param batch.prediction Probabilities, or logits with threshold 0, laid out
 * as `[N, H, W, 1]`.
 * @param batch.target Masks of the same layout; above 0.5 is object.
 * @param batch.images N.
 * @param batch.threshold What a prediction must exceed to be an object; 0.5 by
 * default.
 * @returns The scores with these images.
 * @throws {RangeError} If the lengths differ, or do not divide by the images.
 *
 * @example
 * ```ts
 * import { addBatch, noScores, summarizeScores } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = addBatch(noScores, {
 *   prediction: new Float32Array([0.9, 0.8, 0.1, 0.2]),
 *   target: new Float32Array([1, 0, 0, 0]),
 *   images: 2,
 * });
 * const { f1, f1PerImage } = summarizeScores(scores);
 * assertEquals(f1, 2 / 3);
 * assertEquals(f1PerImage, (2 / 3 + 1) / 2);
 * ```
 */
export function addBatch(
  scores: PixelScores,
  batch: {
    readonly prediction: Float32Array | Uint8Array;
    readonly target: Float32Array | Uint8Array;
    readonly images: number;
    readonly threshold?: number;
  },
): PixelScores {
  const { prediction, target, images, threshold = 0.5 } = batch;
  const size = target.length / images;
  if (
    !(images >= 1 && Number.isInteger(images)) ||
    !(size >= 1 && Number.isInteger(size)) ||
    prediction.length !== target.length
  ) {
    throw new RangeError(
      cannot("score", "images of", "batch", {
        found:
          `${prediction.length} predictions and ${target.length} targets for ${images} images`,
        expected: "the same number of both for each image",
      }),
    );
  }
  let { counts, f1Sum } = scores;
  for (let start = 0; start < target.length; start += size) {
    const own = countPixels(
      prediction.subarray(start, start + size),
      target.subarray(start, start + size),
      threshold,
    );
    counts = addPixels(counts, own);
    f1Sum += f1(own);
  }
  return { images: scores.images + images, counts, f1Sum };
}

/**
 * The scores of all images so far. Empty masks count as in {@linkcode f1} and
 * its like.
 *
 * @param scores What {@linkcode addBatch} gathered.
 * @returns The scores.
 *
 * @example
 * ```ts
 * import { noScores, summarizeScores } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(summarizeScores(noScores).f1PerImage, NaN);
 * ```
 */
export function summarizeScores(scores: PixelScores): PixelSummary {
  const { images, counts, f1Sum } = scores;
  return {
    f1: f1(counts),
    f1PerImage: f1Sum / images,
    iou: iou(counts),
    precision: precision(counts),
    recall: recall(counts),
  };
}
