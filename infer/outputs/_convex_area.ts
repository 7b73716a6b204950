/** A point that no row has. */
const none = 0x7fffffff;

/**
 * How many pixel centers lie in the convex hull of a mask's pixels or on it,
 * as scikit-image's `convex_hull_image`: a pixel counts with the middles of
 * its four sides. Whole numbers throughout, so exact.
 *
 * @param mask 1 inside, laid out as `[height, width]`.
 */
export function convexArea(
  mask: Uint8Array,
  width: number,
  height: number,
): number {
  // In half pixels: row y is level 2 y + 1, its upper and lower sides are the
  // levels around it. Only the outermost points of a level can be corners.
  const right = new Int32Array(2 * height + 1).fill(-none);
  const left = new Int32Array(2 * height + 1).fill(none);
  let top = -1, bottom = -1;
  for (let y = 0; y < height; y++) {
    const from = mask.indexOf(1, y * width) - y * width;
    if (from < 0 || from >= width) continue;
    const to = mask.lastIndexOf(1, (y + 1) * width - 1) - y * width;
    if (top < 0) top = y;
    bottom = y;
    for (let level = 2 * y; level <= 2 * y + 2; level += 2) {
      right[level] = Math.max(right[level]!, 2 * to);
      left[level] = Math.min(left[level]!, 2 * from);
    }
    right[2 * y + 1] = 2 * to + 1;
    left[2 * y + 1] = 2 * from - 1;
  }
  const rightSide = hullSide(right, 1), leftSide = hullSide(left, -1);
  let area = 0, rightAt = 0, leftAt = 0;
  for (let y = top; y <= bottom && top >= 0; y++) {
    const level = 2 * y + 1;
    while (rightSide[rightAt + 1]! < level) rightAt++;
    while (leftSide[leftAt + 1]! < level) leftAt++;
    const end = Math.floor(crossing(right, rightSide, rightAt, level));
    const start = Math.ceil(crossing(left, leftSide, leftAt, level));
    area += Math.max(0, end - start + 1);
  }
  return area;
}

/** The levels of the hull's corners on one side, from top to bottom. */
function hullSide(points: Int32Array, side: 1 | -1): Int32Array {
  const kept = new Int32Array(points.length);
  let count = 0;
  for (let y = 0; y < points.length; y++) {
    const x = points[y]!;
    if (x === -side * none) continue;
    while (count > 1) {
      const y1 = kept[count - 2]!, y2 = kept[count - 1]!;
      const x1 = points[y1]!, x2 = points[y2]!;
      const turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
      if (turn * side > 0) break;
      count--;
    }
    kept[count++] = y;
  }
  return kept.subarray(0, count);
}

/** The pixel where a side crosses a level, between two of its corners. */
function crossing(
  points: Int32Array,
  corners: Int32Array,
  at: number,
  level: number,
): number {
  const y1 = corners[at]!, y2 = corners[at + 1]!;
  const x1 = points[y1]!, x2 = points[y2]!;
  // One division of whole numbers: exact where the level meets a pixel's center.
  return (x1 * (y2 - y1) + (x2 - x1) * (level - y1)) / (2 * (y2 - y1));
}
