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
 * Matches instances whose intersection over union exceeds one half. At that
 * threshold no instance can match two others, so that the matching is unique.
 *
 * @param truth The true instances.
 * @param prediction The predicted ones, on an image of the same size.
 * @returns How many match.
 * @throws {RangeError} If the sizes differ.
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
  if (
    truth.width !== prediction.width || truth.height !== prediction.height
  ) {
    throw new RangeError(
      cannot("match", "instances of size", size(prediction), {
        found: "another size",
        expected: size(truth),
      }),
    );
  }
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

/** The sum of two counts. */
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
 * matches over matches, surplus and missed; 1 where there is nothing at all.
 */
export function averagePrecision(counts: InstanceCounts): number {
  const { truePositive, falsePositive, falseNegative } = counts;
  const all = truePositive + falsePositive + falseNegative;
  return all === 0 ? 1 : truePositive / all;
}

/** F1 of the matching; 1 where there is nothing at all. */
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

function size({ width, height }: Labels): string {
  return `${width}×${height}`;
}
