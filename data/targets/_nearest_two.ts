import { squaredDistances } from "./squared_distances.ts";
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
  { width, height, data }: Labels,
  limit: number,
): { first: Float64Array; second: Float64Array } {
  const first = new Float64Array(data.length).fill(Infinity);
  const second = new Float64Array(data.length).fill(Infinity);
  const around = Math.ceil(limit);
  for (const { label, ...box } of findBoxes(data, width)) {
    const left = Math.max(0, box.left - around);
    const top = Math.max(0, box.top - around);
    const columns = Math.min(width, box.right + around + 1) - left;
    const rows = Math.min(height, box.bottom + around + 1) - top;
    const distances = squaredDistances(
      columns,
      rows,
      (x, y) => data[(top + y) * width + left + x] === label,
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

/** The smallest rectangle around an object, ends included. */
interface Box {
  label: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function findBoxes(data: Uint32Array, width: number): Box[] {
  const boxes = new Map<number, Box>();
  for (let pixel = 0; pixel < data.length; pixel++) {
    const label = data[pixel]!;
    if (label === 0) continue;
    const x = pixel % width, y = (pixel - x) / width;
    const box = boxes.get(label);
    if (box === undefined) {
      boxes.set(label, { label, left: x, top: y, right: x, bottom: y });
    } else {
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.bottom = y;
    }
  }
  return [...boxes.values()];
}
