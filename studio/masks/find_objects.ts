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

/**
 * Where objects are.
 *
 * @param labels The labels, all of which are looked at.
 * @param wanted The objects.
 * @returns The smallest rectangle around each that is there.
 */
export function boxesOf(
  { width, height, data }: Labels,
  wanted: ReadonlySet<number>,
): Map<number, Rectangle> {
  const bounds = new Map<number, [number, number, number, number]>();
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width;) {
      const label = data[at]!, from = x;
      do {
        x++;
        at++;
      } while (x < width && data[at] === label);
      if (label === 0 || !wanted.has(label)) continue;
      const known = bounds.get(label);
      if (!known) {
        bounds.set(label, [from, y, x, y + 1]);
        continue;
      }
      known[0] = Math.min(known[0], from);
      known[2] = Math.max(known[2], x);
      known[3] = y + 1;
    }
  }
  return new Map(
    [...bounds].map(([label, [x, y, right, bottom]]) => [
      label,
      { x, y, width: right - x, height: bottom - y },
    ]),
  );
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
