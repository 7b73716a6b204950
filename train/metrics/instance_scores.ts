import type { Labels } from "@unet/data";
import { assignPairs } from "./assign_pairs.ts";
import { findOverlaps } from "./overlaps.ts";

/** How many instances match between truth and prediction. */
export interface InstanceCounts {
  /** Predicted instances that match a true one. */
  readonly truePositive: number;
  /** Predicted instances that match none. */
  readonly falsePositive: number;
  /** True instances that none matches. */
  readonly falseNegative: number;
  /** The sum of the matches' intersections over unions. */
  readonly iouSum: number;
}

/**
 * The scores that {@linkcode scoreInstances} computes; each is between 0 and 1.
 */
export interface InstanceScores {
  /** Matches over all predicted instances. */
  readonly precision: number;
  /** Matches over all true instances. */
  readonly recall: number;
  /** Twice the matches over all instances of both. */
  readonly f1: number;
  /**
   * Matches over matches, surplus and missed: `accuracy` to StarDist, average
   * precision to the 2018 Data Science Bowl and to most of the field.
   */
  readonly averagePrecision: number;
  /** The mean IoU of the true instances, 0 for those without a match. */
  readonly meanTrueScore: number;
  /** The mean IoU of the matches. */
  readonly meanMatchedScore: number;
  /** F1 times the mean IoU of the matches (Kirillov et al., 2019). */
  readonly panopticQuality: number;
}

/** No instances at all; where a sum starts. */
export const noInstances: InstanceCounts = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  iouSum: 0,
};

/**
 * Matches the instances of a prediction with the true ones as StarDist's
 * `matching` does: one to one, so that as many pairs as possible have at least
 * the intersection over union of the threshold, and of such assignments the
 * one with the largest sum of them.
 *
 * @param truth The true instances.
 * @param prediction The predicted ones, on an image of the same size.
 * @param threshold The intersection over union that a match has, above 0; or
 * several.
 * @returns How many match, for each threshold.
 * @throws {RangeError} If the sizes differ, or are not the data's, or a
 * threshold is not in its range.
 *
 * @example
 * ```ts
 * import { matchInstances } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { width: 4, height: 1, data: new Uint32Array([1, 1, 0, 2]) };
 * const prediction = { ...truth, data: new Uint32Array([5, 0, 0, 0]) };
 * const [half, most] = matchInstances(truth, prediction, [0.5, 0.9]);
 * assertEquals(half, {
 *   truePositive: 1,
 *   falsePositive: 0,
 *   falseNegative: 1,
 *   iouSum: 0.5,
 * });
 * assertEquals(most!.truePositive, 0);
 * ```
 */
export function matchInstances(
  truth: Labels,
  prediction: Labels,
  threshold?: number,
): InstanceCounts;
export function matchInstances(
  truth: Labels,
  prediction: Labels,
  thresholds: readonly number[],
): InstanceCounts[];
export function matchInstances(
  truth: Labels,
  prediction: Labels,
  threshold: number | readonly number[] = 0.5,
): InstanceCounts | InstanceCounts[] {
  const overlaps = findOverlaps(truth, prediction);
  const { trueAreas, predictedAreas } = overlaps;
  const match = (threshold: number): InstanceCounts => {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new RangeError(
        `Cannot match instances: found threshold ${threshold}, expected a number above 0 and at most 1`,
      );
    }
    const matches = assignPairs(overlaps, threshold);
    return {
      truePositive: matches.length,
      falsePositive: predictedAreas.length - matches.length,
      falseNegative: trueAreas.length - matches.length,
      iouSum: matches.reduce((sum, { iou }) => sum + iou, 0),
    };
  };
  return typeof threshold === "number"
    ? match(threshold)
    : threshold.map(match);
}

/**
 * The sum of two counts, as over the images of a set.
 *
 * @param a The one.
 * @param b The other.
 * @returns Their sum.
 *
 * @example
 * ```ts
 * import { addInstances, noInstances } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const image = {
 *   truePositive: 3,
 *   falsePositive: 1,
 *   falseNegative: 0,
 *   iouSum: 2.5,
 * };
 * assertEquals([image].reduce(addInstances, noInstances), image);
 * ```
 */
export function addInstances(
  a: InstanceCounts,
  b: InstanceCounts,
): InstanceCounts {
  return {
    truePositive: a.truePositive + b.truePositive,
    falsePositive: a.falsePositive + b.falsePositive,
    falseNegative: a.falseNegative + b.falseNegative,
    iouSum: a.iouSum + b.iouSum,
  };
}

/**
 * Scores counts as StarDist's `matching` does. Of the counts of several images
 * together these are the scores of its `matching_dataset`; the means of each
 * image's own are those of `by_image=True`.
 *
 * @param counts The counts.
 * @returns The scores; 0 where nothing matches, also where there is nothing.
 *
 * @example
 * ```ts
 * import { scoreInstances } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const scores = scoreInstances({
 *   truePositive: 3,
 *   falsePositive: 1,
 *   falseNegative: 1,
 *   iouSum: 2.4,
 * });
 * assertEquals(scores.averagePrecision, 0.6);
 * assertEquals(scores.f1, 0.75);
 * assertEquals(scores.panopticQuality, 0.6);
 * ```
 */
export function scoreInstances(counts: InstanceCounts): InstanceScores {
  const { truePositive, falsePositive, falseNegative, iouSum } = counts;
  const share = (part: number, whole: number) => part === 0 ? 0 : part / whole;
  const wrong = falsePositive + falseNegative;
  return {
    precision: share(truePositive, truePositive + falsePositive),
    recall: share(truePositive, truePositive + falseNegative),
    f1: share(2 * truePositive, 2 * truePositive + wrong),
    averagePrecision: share(truePositive, truePositive + wrong),
    meanTrueScore: share(iouSum, truePositive + falseNegative),
    meanMatchedScore: share(iouSum, truePositive),
    panopticQuality: share(iouSum, truePositive + wrong / 2),
  };
}
