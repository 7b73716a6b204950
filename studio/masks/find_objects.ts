import type { Labels, Rectangle } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import { linePixels } from "./line_pixels.ts";
import type { Points } from "./spans.ts";

/** Whether a label is an object's: neither background nor unlabeled. */
export function isObject(label: number): boolean {
  return label !== 0 && label !== unlabeled;
}

/**
 * The objects under a line, in the order in which it meets them.
 *
 * @param labels The labels.
 * @param points Where the line leads.
 */
export function objectsAlong(labels: Labels, points: Points): Set<number> {
  const found = new Set<number>();
  for (const pixel of linePixels(labels, points)) {
    const label = labels.data[pixel]!;
    if (isObject(label)) found.add(label);
  }
  return found;
}

/** The smallest rectangle around several; without pixels if there is none. */
export function boxAroundAll(boxes: Iterable<Rectangle>): Rectangle {
  let left = Infinity, top = Infinity, right = 0, bottom = 0;
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return right === 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top };
}
