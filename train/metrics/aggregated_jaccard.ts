import type { Labels } from "@unet/data";
import { findOverlaps } from "./overlaps.ts";

/**
 * The aggregated Jaccard index of Kumar et al. (2017): each true instance is
 * joined with the predicted one of the largest intersection over union, and
 * the sum of the intersections is divided by that of the unions and of the
 * predicted instances that none was joined with.
 *
 * This is the index as published: a predicted instance that is the best one
 * for several true ones is joined with each. (AJI+, which others define, joins
 * one to one.)
 *
 * @param truth The true instances.
 * @param prediction The predicted ones, on an image of the same size.
 * @returns The index, between 0 and 1; 1 where there is nothing at all.
 * @throws {RangeError} If the sizes differ, or are not the data's.
 *
 * @example
 * ```ts
 * import { aggregatedJaccard } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { width: 4, height: 1, data: new Uint32Array([1, 1, 1, 0]) };
 * const prediction = { ...truth, data: new Uint32Array([7, 7, 0, 8]) };
 * assertEquals(aggregatedJaccard(truth, prediction), 2 / 4);
 * ```
 */
export function aggregatedJaccard(truth: Labels, prediction: Labels): number {
  const { trueAreas, predictedAreas, pairs } = findOverlaps(truth, prediction);
  const best = new Map<number, (typeof pairs)[number]>();
  for (const pair of pairs) {
    const other = best.get(pair.truth);
    if (other === undefined || pair.iou > other.iou) best.set(pair.truth, pair);
  }
  const sum = (values: Iterable<number>): number =>
    [...values].reduce((a, b) => a + b, 0);
  const shared = sum([...best.values()].map(({ pixels }) => pixels));
  const used = new Set([...best.values()].map((pair) => pair.prediction));
  // A prediction joined twice counts in two unions.
  const joined = sum(
    [...best.values()].map((pair) => predictedAreas[pair.prediction]!),
  );
  const surplus = sum(predictedAreas.filter((_, index) => !used.has(index)));
  const all = sum(trueAreas) + joined - shared + surplus;
  return all === 0 ? 1 : shared / all;
}
