import { boxesOf, distancesAround } from "./_objects_around.ts";
import type { Labels } from "../types.ts";

/**
 * Squared distances to the nearest and second nearest object; infinite where
 * there is none within the limit. Each object is looked at within a box that
 * reaches as far as the limit, which holds all of it, so that distances in it
 * are exact.
 *
 * @param labels The instances.
 * @param limit How far is looked, in pixels.
 * @returns The distances, laid out as the labels.
 */
export function nearestTwo(
  labels: Labels,
  limit: number,
): { first: Float64Array; second: Float64Array } {
  const { width, data } = labels;
  const first = new Float64Array(data.length).fill(Infinity);
  const second = new Float64Array(data.length).fill(Infinity);
  for (const box of boxesOf(labels)) {
    const { left, top, columns, rows, distances } = distancesAround(
      labels,
      box,
      limit,
    );
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const distance = distances[y * columns + x]!;
        const pixel = (top + y) * width + left + x;
        if (distance < first[pixel]!) {
          second[pixel] = first[pixel]!;
          first[pixel] = distance;
        } else if (distance < second[pixel]!) second[pixel] = distance;
      }
    }
  }
  return { first, second };
}
