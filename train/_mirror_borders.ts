import { mirrorAxis } from "@unet/data/mirror-axis";

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
  const rows = mirrorAxis(height, -margin, height + 2 * margin);
  const columns = mirrorAxis(width, -margin, width + 2 * margin);
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
