import { mirrorAxis } from "@unet/data/mirror-axis";

/**
 * Extends images by mirroring them about their border pixels, which are not
 * repeated, as numpy's `pad(mode="reflect")`.
 *
 * @param shape Images, rows, columns.
 * @param x The channels, laid out as `[N, H, W, C]`.
 * @param margin Pixels to add on each side.
 * @returns Laid out as `[N, H + 2·margin, W + 2·margin, C]`.
 */
export function mirrorBorders(
  [count, height, width]: readonly [number, number, number],
  x: Float32Array,
  margin: number,
): Float32Array {
  const rows = mirrorAxis(height, -margin, height + 2 * margin);
  const columns = mirrorAxis(width, -margin, width + 2 * margin);
  const channels = x.length / (count * height * width);
  const result = new Float32Array(
    count * rows.length * columns.length * channels,
  );
  let to = 0;
  for (let image = 0; image < count; image++) {
    for (const row of rows) {
      const line = (image * height + row) * width;
      for (const column of columns) {
        const from = (line + column) * channels;
        for (let channel = 0; channel < channels; channel++) {
          result[to++] = x[from + channel]!;
        }
      }
    }
  }
  return result;
}
