/**
 * Extends images by mirroring them about their border pixels, which are not
 * repeated, as numpy's `pad(mode="reflect")`.
 *
 * @param shape Images, rows, columns.
 * @param x Red, green, blue, laid out as `[N, H, W, 3]`.
 * @param margin Pixels to add on each side.
 * @returns Laid out as `[N, H + 2·margin, W + 2·margin, 3]`.
 */
export function mirrorBorders(
  [count, height, width]: readonly [number, number, number],
  x: Float32Array,
  margin: number,
): Float32Array {
  const rows = mirrored(height, margin), columns = mirrored(width, margin);
  const result = new Float32Array(count * rows.length * columns.length * 3);
  let to = 0;
  for (let image = 0; image < count; image++) {
    for (const row of rows) {
      const line = (image * height + row) * width;
      for (const column of columns) {
        const from = (line + column) * 3;
        result[to++] = x[from]!;
        result[to++] = x[from + 1]!;
        result[to++] = x[from + 2]!;
      }
    }
  }
  return result;
}

/** The position on an axis for each of the extended one. */
function mirrored(size: number, margin: number): Int32Array {
  const last = size - 1, period = Math.max(1, 2 * last);
  return Int32Array.from({ length: size + 2 * margin }, (_, index) => {
    const phase = ((index - margin) % period + period) % period;
    return phase > last ? period - phase : phase;
  });
}
