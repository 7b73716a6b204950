/** A point in half pixels, so that the middles of sides are whole numbers. */
type Half = readonly [x: number, y: number];

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
  const points: Half[] = [];
  for (let y = 0; y < height; y++) {
    const from = mask.indexOf(1, y * width) - y * width;
    if (from < 0 || from >= width) continue;
    const to = mask.lastIndexOf(1, (y + 1) * width - 1) - y * width;
    // Between the first and the last pixel of a row nothing is a corner.
    for (const x of [from, to]) {
      points.push([2 * x - 1, 2 * y], [2 * x + 1, 2 * y]);
      points.push([2 * x, 2 * y - 1], [2 * x, 2 * y + 1]);
    }
  }
  points.sort(([x1, y1], [x2, y2]) => y1 - y2 || x1 - x2);
  const right = chain(points, 1), left = chain(points, -1);
  let area = 0, rightAt = 0, leftAt = 0;
  for (let y = 0; y < height; y++) {
    while (right[rightAt + 1]![1] < 2 * y) rightAt++;
    while (left[leftAt + 1]![1] < 2 * y) leftAt++;
    const end = Math.floor(crossing(right, rightAt, 2 * y));
    const start = Math.ceil(crossing(left, leftAt, 2 * y));
    area += Math.max(0, end - start + 1);
  }
  return area;
}

/** The hull's corners on one side, from top to bottom. */
function chain(points: readonly Half[], side: 1 | -1): Half[] {
  const kept: Half[] = [];
  for (const [x, y] of points) {
    while (kept.length > 1) {
      const [x1, y1] = kept.at(-2)!, [x2, y2] = kept.at(-1)!;
      const turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
      if (turn * side > 0) break;
      kept.pop();
    }
    kept.push([x, y]);
  }
  return kept;
}

/** The pixel where a chain crosses a row, between two of its corners. */
function crossing(corners: readonly Half[], at: number, y: number): number {
  const [x1, y1] = corners[at]!, [x2, y2] = corners[at + 1]!;
  // One division of whole numbers: exact where the row meets a pixel's center.
  return (x1 * (y2 - y1) + (x2 - x1) * (y - y1)) / (2 * (y2 - y1));
}
