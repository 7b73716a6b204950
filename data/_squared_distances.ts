/**
 * The squared Euclidean distance of each pixel to the nearest one that is
 * inside, exactly: along columns, then the lower envelope of parabolas along
 * rows (Felzenszwalb and Huttenlocher, 2012).
 *
 * @param width Pixels a row.
 * @param height Rows.
 * @param isInside Whether a pixel counts.
 * @returns Squared distances, row by row; infinite if no pixel counts.
 */
export function squaredDistances(
  width: number,
  height: number,
  isInside: (x: number, y: number) => boolean,
): Float64Array {
  const result = new Float64Array(width * height).fill(Infinity);
  for (let x = 0; x < width; x++) {
    let nearest = -Infinity;
    for (let y = 0; y < height; y++) {
      if (isInside(x, y)) nearest = y;
      result[y * width + x] = (y - nearest) ** 2;
    }
    nearest = Infinity;
    for (let y = height; y-- > 0;) {
      if (isInside(x, y)) nearest = y;
      const distance = (nearest - y) ** 2;
      if (distance < result[y * width + x]!) result[y * width + x] = distance;
    }
  }
  const line = new Float64Array(width);
  const centers = new Int32Array(width), starts = new Float64Array(width + 1);
  for (let y = 0; y < height; y++) {
    line.set(result.subarray(y * width, (y + 1) * width));
    alongRow(line, centers, starts, result.subarray(y * width));
  }
  return result;
}

/** The least of `line[c] + (x − c)²` over all c, for each x. */
function alongRow(
  line: Float64Array,
  centers: Int32Array,
  starts: Float64Array,
  result: Float64Array,
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
    result[x] = line[c]! + (x - c) ** 2;
  }
}
