/**
 * Exact squared distances to the background. Runs in a browser.
 *
 * @module
 */
/**
 * The squared Euclidean distance of each pixel to the nearest one that counts,
 * exactly: along columns, then along rows, where it is far by the lower envelope
 * of parabolas (Felzenszwalb and Huttenlocher, 2012). What lies beyond the image does not
 * count, as in SciPy's `distance_transform_edt`.
 *
 * @param width Pixels per row.
 * @param height Rows.
 * @param counts Whether the pixel of this column and row counts; asked in no
 * order that matters.
 * @returns Squared distances in pixels, row by row; infinite if no pixel
 * counts.
 *
 * @example
 * ```ts
 * import { squaredDistances } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const fromCorner = squaredDistances(3, 2, (x, y) => x === 0 && y === 0);
 * assertEquals([...fromCorner], [0, 1, 4, 1, 2, 5]);
 * ```
 */
export function squaredDistances(
  width: number,
  height: number,
  counts: (x: number, y: number) => boolean,
): Float64Array {
  const result = new Float64Array(width * height);
  const nearest = new Float64Array(width).fill(-Infinity);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (counts(x, y)) nearest[x] = y;
      const distance = y - nearest[x]!;
      result[at] = distance * distance;
    }
  }
  nearest.fill(Infinity);
  for (let y = height, at = width * height; y-- > 0;) {
    for (let x = width; x-- > 0;) {
      if (result[--at] === 0) nearest[x] = y;
      const away = nearest[x]! - y, distance = away * away;
      if (distance < result[at]!) result[at] = distance;
    }
  }
  // With a margin, so that no step asks where the row ends.
  const padded = new Float64Array(width + 2 * margin).fill(Infinity);
  const line = padded.subarray(margin, margin + width);
  const envelope = {
    centers: new Int32Array(width),
    starts: new Float64Array(width + 1),
  };
  for (let y = 0; y < height; y++) {
    let farthest = 0;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      line[x] = result[at]!;
      if (line[x]! > farthest) farthest = line[x]!;
    }
    if (farthest === 0) continue;
    if (farthest <= margin ** 2) searchRow(padded, width, result, y * width);
    else alongRow(line, envelope, result, y * width);
  }
  return result;
}

/** Up to this distance, looking around is faster than parabolas. */
const margin = 32;

/** The least of `line[c] + (x − c)²` over all c, for each x, from x outward. */
function searchRow(
  padded: Float64Array,
  width: number,
  result: Float64Array,
  from: number,
): void {
  for (let x = 0; x < width; x++) {
    const middle = x + margin;
    let least = padded[middle]!;
    if (least === 0) continue;
    for (let step = 1, square = 1; square < least; square += 2 * step++ + 1) {
      const before = padded[middle - step]!, after = padded[middle + step]!;
      const other = (before < after ? before : after) + square;
      if (other < least) least = other;
    }
    result[from + x] = least;
  }
}

/** The same by the lower envelope of parabolas. */
function alongRow(
  line: Float64Array,
  { centers, starts }: {
    readonly centers: Int32Array;
    readonly starts: Float64Array;
  },
  result: Float64Array,
  from: number,
): void {
  let last = -1;
  for (let x = 0; x < line.length; x++) {
    if (line[x] === Infinity) continue;
    let start = -Infinity;
    while (last >= 0) {
      const c = centers[last]!;
      start = (line[x]! + x * x - line[c]! - c * c) / (2 * (x - c));
      if (start > starts[last]!) break;
      last--;
    }
    if (last < 0) start = -Infinity;
    last++;
    centers[last] = x;
    starts[last] = start;
  }
  if (last < 0) return;
  starts[last + 1] = Infinity;
  for (let x = 0, k = 0; x < line.length; x++) {
    while (starts[k + 1]! < x) k++;
    const c = centers[k]!;
    result[from + x] = line[c]! + (x - c) ** 2;
  }
}
