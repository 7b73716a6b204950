/**
 * Scores of classes that exclude one another. Runs in a browser.
 *
 * @module
 */
import {
  addBatch,
  noScores,
  type PixelScores,
  type PixelSummary,
  summarizeScores,
} from "./pixel_scores.ts";

/** A batch of decisions of classes, and their ground truth. */
export interface ClassBatch {
  /** Above the threshold in the channel of the class that was decided. */
  readonly prediction: Float32Array | Uint8Array;
  /** 1 in the channel of a pixel's class; 0 in all where nobody gave one. */
  readonly target: Float32Array | Uint8Array;
  /** Channels, one per class. */
  readonly classes: number;
  /** Images in the batch. */
  readonly images: number;
  /** Above it, a channel is decided for; 0.5 by default. */
  readonly threshold?: number;
}

/**
 * Adds a batch to the scores of each class. Pixels without a class in the
 * ground truth are not counted, whatever was decided.
 *
 * @param scores A score per class; those of no images at the start.
 * @param batch Decisions and ground truth, laid out as `[N, H, W, classes]`.
 * @returns The scores with the batch.
 * @throws {RangeError} If decisions and ground truth differ in size.
 *
 * @example
 * ```ts
 * import { addClassBatch, noClassScores, summarizeClasses } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = addClassBatch(noClassScores(2), {
 *   prediction: new Uint8Array([1, 0, 0, 1, 0, 1]),
 *   target: new Uint8Array([1, 0, 0, 1, 0, 0]),
 *   classes: 2,
 *   images: 1,
 * });
 * assertEquals(summarizeClasses(scores).f1, 1);
 * ```
 */
export function addClassBatch(
  scores: readonly PixelScores[],
  { prediction, target, classes, images, threshold }: ClassBatch,
): PixelScores[] {
  const pixels = target.length / classes;
  const known = new Uint8Array(pixels);
  for (let at = 0; at < target.length; at++) {
    if (target[at]! > 0) known[Math.floor(at / classes)] = 1;
  }
  return scores.map((own, channel) => {
    const decided = new Float32Array(prediction.length / classes);
    const truth = new Float32Array(pixels);
    for (let at = 0; at < pixels; at++) {
      // Below 0, a pixel is not counted.
      truth[at] = known[at] ? target[at * classes + channel]! : -1;
      decided[at] = prediction[at * classes + channel]!;
    }
    return addBatch(own, {
      ...{ prediction: decided, target: truth, images },
      ...(threshold !== undefined && { threshold }),
    });
  });
}

/** The scores of classes before any image. */
export function noClassScores(classes: number): PixelScores[] {
  return Array.from({ length: classes }, () => noScores);
}

/**
 * The mean of the classes' scores, but for the first, the background's.
 *
 * @param scores A score per class, two or more.
 * @returns Each score's mean over classes (macro-averaged).
 */
export function summarizeClasses(scores: readonly PixelScores[]): PixelSummary {
  const summaries = scores.slice(1).map(summarizeScores);
  const mean = (name: keyof PixelSummary): number =>
    summaries.reduce((sum, one) => sum + one[name], 0) / summaries.length;
  return {
    f1: mean("f1"),
    f1PerImage: mean("f1PerImage"),
    iou: mean("iou"),
    precision: mean("precision"),
    recall: mean("recall"),
  };
}
