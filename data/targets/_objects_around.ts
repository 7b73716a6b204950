import { squaredDistances } from "./squared_distances.ts";
import type { Labels } from "../types.ts";

/** The smallest rectangle around an object, ends included, and its area. */
export interface ObjectBox {
  /** The object's number. */
  readonly label: number;
  /** Its pixels. */
  pixels: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The boxes of all objects, in the order in which rows meet them. */
export function boxesOf({ width, data }: Labels): Iterable<ObjectBox> {
  const boxes = new Map<number, ObjectBox>();
  for (let at = 0; at < data.length; at++) {
    const label = data[at]!;
    if (label === 0) continue;
    const x = at % width, y = (at - x) / width;
    const box = boxes.get(label);
    if (box === undefined) {
      const edges = { left: x, top: y, right: x, bottom: y };
      boxes.set(label, { label, pixels: 1, ...edges });
    } else {
      box.pixels++;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.bottom = y;
    }
  }
  return boxes.values();
}

/** Squared distances to an object, in a part of the image. */
export interface DistancesAround {
  /** The part's first column. */
  readonly left: number;
  /** Its first row. */
  readonly top: number;
  /** Its columns. */
  readonly columns: number;
  /** Its rows. */
  readonly rows: number;
  /** The distances, laid out as `[rows, columns]`. */
  readonly distances: Float64Array;
}

/**
 * Squared distances to an object as far as it reaches: exact, for the part that
 * is looked at holds all of the object.
 *
 * @param labels The instances.
 * @param box The object's box.
 * @param reach How far is looked around it, in pixels.
 */
export function distancesAround(
  { width, height, data }: Labels,
  box: ObjectBox,
  reach: number,
): DistancesAround {
  const around = Math.ceil(reach);
  const left = Math.max(0, box.left - around);
  const top = Math.max(0, box.top - around);
  const columns = Math.min(width, box.right + around + 1) - left;
  const rows = Math.min(height, box.bottom + around + 1) - top;
  const distances = squaredDistances(
    columns,
    rows,
    (x, y) => data[(top + y) * width + left + x] === box.label,
  );
  return { left, top, columns, rows, distances };
}
