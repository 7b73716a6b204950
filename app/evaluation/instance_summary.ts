import type { Labels } from "@unet/data";
import {
  addInstanceErrors,
  addInstances,
  aggregatedJaccard,
  findInstanceErrors,
  type InstanceCounts,
  type InstanceErrors,
  matchInstances,
  noInstanceErrors,
  noInstances,
  scoreInstances,
} from "@unet/train";

/** The intersections over unions that a match is asked for, as StarDist's. */
export const iouThresholds: readonly number[] = [
  ...[0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9],
];

/** The counts from which the instances of several images are scored. */
export interface InstanceTotals {
  /** How many images there are. */
  readonly images: number;
  /** The matches at each threshold. */
  readonly counts: readonly InstanceCounts[];
  /** The sum of the images' aggregated Jaccard indices. */
  readonly jaccardSum: number;
  /** The instances without a match at IoU 0.5. */
  readonly errors: InstanceErrors;
}

/** Scores of instances over a set of images, in 0…1. */
export interface InstanceSummary {
  /** Average precision at IoU 0.5: matches over matches, surplus and missed. */
  readonly ap50: number;
  /** F1 of the matching at IoU 0.5. */
  readonly f1: number;
  /** Matches over predicted instances, at IoU 0.5. */
  readonly precision: number;
  /** Matches over true instances, at IoU 0.5. */
  readonly recall: number;
  /** F1 times the mean IoU of the matches, at IoU 0.5. */
  readonly panopticQuality: number;
  /** The mean of the images' aggregated Jaccard indices (Kumar et al., 2017). */
  readonly aggregatedJaccard: number;
  /** The mean of {@linkcode averagePrecisions}. */
  readonly meanAveragePrecision: number;
  /** Average precision by IoU: at `0.5`, `0.55` … `0.9`. */
  readonly averagePrecisions: Readonly<Record<string, number>>;
  /** Instances without a match at IoU 0.5, by the kind of error. */
  readonly errors: InstanceErrors;
}

/** No image at all; where a sum starts. */
export const noTotals: InstanceTotals = {
  images: 0,
  counts: iouThresholds.map(() => noInstances),
  jaccardSum: 0,
  errors: noInstanceErrors,
};

/** Matches the instances of one image with the true ones. */
export function totalsOf(truth: Labels, prediction: Labels): InstanceTotals {
  return {
    images: 1,
    counts: matchInstances(truth, prediction, iouThresholds),
    jaccardSum: aggregatedJaccard(truth, prediction),
    errors: findInstanceErrors(truth, prediction),
  };
}

/** The sum of two. */
export function addTotals(
  a: InstanceTotals,
  b: InstanceTotals,
): InstanceTotals {
  return {
    images: a.images + b.images,
    counts: a.counts.map((each, at) => addInstances(each, b.counts[at]!)),
    jaccardSum: a.jaccardSum + b.jaccardSum,
    errors: addInstanceErrors(a.errors, b.errors),
  };
}

/** Scores over all instances of all images together. */
export function summarizeTotals(
  { images, counts, jaccardSum, errors }: InstanceTotals,
): InstanceSummary {
  const scores = counts.map(scoreInstances);
  const [half] = scores;
  const precisions = scores.map(({ averagePrecision }) => averagePrecision);
  return {
    ap50: half!.averagePrecision,
    f1: half!.f1,
    precision: half!.precision,
    recall: half!.recall,
    panopticQuality: half!.panopticQuality,
    aggregatedJaccard: images === 0 ? 0 : jaccardSum / images,
    meanAveragePrecision: precisions.reduce((a, b) => a + b) /
      precisions.length,
    averagePrecisions: Object.fromEntries(
      iouThresholds.map((iou, at) => [iou, precisions[at]!]),
    ),
    errors,
  };
}
