import type { Labels } from "@unet/data";
import { cannot } from "@unet/errors";

/** How many instances match between truth and prediction. */
export interface InstanceCounts {
  /** Predicted instances that overlap a true one enough. */
  readonly truePositive: number;
  /** Predicted instances that match none. */
  readonly falsePositive: number;
  /** True instances that none matches. */
  readonly falseNegative: number;
}

/** No instances at all; where a sum starts. */
export const noInstances: InstanceCounts = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
};

/**
 * Matches instances whose intersection over union exceeds one half, as in the
 * 2018 Data Science Bowl. No instance can match two others then, so that the
 * matching is unique. StarDist also counts pairs of exactly one half, which it
 * has to choose among; all others it matches the same.
 *
 * @param truth The true instances.
 * @param prediction The predicted ones, on an image of the same size.
 * @returns How many match.
 * @throws {RangeError} If the sizes differ, or are not the data's.
 *
 * @example
 * ```ts
 * import { matchInstances } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { width: 4, height: 1, data: new Uint32Array([1, 1, 0, 2]) };
 * const prediction = { ...truth, data: new Uint32Array([5, 5, 0, 0]) };
 * assertEquals(matchInstances(truth, prediction), {
 *   truePositive: 1,
 *   falsePositive: 0,
 *   falseNegative: 1,
 * });
 * ```
 */
export function matchInstances(
  truth: Labels,
  prediction: Labels,
): InstanceCounts {
  checkSize(truth, truth);
  checkSize(prediction, truth);
  const trueAreas = areas(truth), predictedAreas = areas(prediction);
  const overlaps = new Map<string, number>();
  truth.data.forEach((label, pixel) => {
    const other = prediction.data[pixel]!;
    if (label === 0 || other === 0) return;
    const pair = `${label} ${other}`;
    overlaps.set(pair, (overlaps.get(pair) ?? 0) + 1);
  });
  let matches = 0;
  for (const [pair, overlap] of overlaps) {
    const [label, other] = pair.split(" ").map(Number) as [number, number];
    const union = trueAreas.get(label)! + predictedAreas.get(other)! - overlap;
    if (2 * overlap > union) matches++;
  }
  return {
    truePositive: matches,
    falsePositive: predictedAreas.size - matches,
    falseNegative: trueAreas.size - matches,
  };
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
 * const image = { truePositive: 3, falsePositive: 1, falseNegative: 0 };
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
  };
}

/**
 * Average precision as the 2018 Data Science Bowl and StarDist define it:
 * matches over matches, surplus and missed.
 *
 * @param counts The counts.
 * @returns The score, between 0 and 1; 1 where there is nothing at all
 * (StarDist says 0).
 *
 * @example
 * ```ts
 * import { averagePrecision } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { truePositive: 3, falsePositive: 1, falseNegative: 1 };
 * assertEquals(averagePrecision(counts), 0.6);
 * ```
 */
export function averagePrecision(counts: InstanceCounts): number {
  const { truePositive, falsePositive, falseNegative } = counts;
  const all = truePositive + falsePositive + falseNegative;
  return all === 0 ? 1 : truePositive / all;
}

/**
 * F1 of the matching.
 *
 * @param counts The counts.
 * @returns The score, between 0 and 1; 1 where there is nothing at all.
 *
 * @example
 * ```ts
 * import { instanceF1 } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = { truePositive: 3, falsePositive: 1, falseNegative: 1 };
 * assertEquals(instanceF1(counts), 0.75);
 * ```
 */
export function instanceF1(counts: InstanceCounts): number {
  const { truePositive, falsePositive, falseNegative } = counts;
  const all = 2 * truePositive + falsePositive + falseNegative;
  return all === 0 ? 1 : 2 * truePositive / all;
}

function areas(labels: Labels): Map<number, number> {
  const result = new Map<number, number>();
  for (const label of labels.data) {
    if (label !== 0) result.set(label, (result.get(label) ?? 0) + 1);
  }
  return result;
}

function checkSize(labels: Labels, expected: Labels): void {
  const { width, height } = expected;
  if (
    labels.width === width && labels.height === height &&
    labels.data.length === width * height
  ) return;
  const size = `${labels.width}×${labels.height}`;
  throw new RangeError(
    cannot("match", "instances of size", size, {
      found: `${labels.data.length} pixels`,
      expected: `${width}×${height}, a label each`,
    }),
  );
}
