import type { Image } from "@unet/data";
import type { PlannedTile } from "./tile_plan.ts";

/**
 * Copies the window around a tile from an 8-bit RGB image.
 *
 * @param image The whole image.
 * @param tile Which window.
 * @param window Where to: red, green, blue in 0…1, laid out as
 * `[rows, columns, 3]`.
 */
export function cutWindow(
  image: Image,
  tile: PlannedTile,
  window: Float32Array,
): void {
  const { columns, rows } = tile;
  let to = 0;
  for (let row = 0; row < rows.length; row++) {
    const line = rows[row]! * image.width;
    for (let column = 0; column < columns.length; column++) {
      const from = (line + columns[column]!) * 3;
      window[to++] = image.data[from]! / 255;
      window[to++] = image.data[from + 1]! / 255;
      window[to++] = image.data[from + 2]! / 255;
    }
  }
}

/**
 * Copies a tile's probabilities out of its window's.
 *
 * @param window The window's probabilities, laid out as `[rows, columns]`.
 * @param tile Which part of it to take.
 * @param whole Where to: the image's probabilities.
 * @param width Pixels a row of the image.
 * @returns A value that is no probability, if there is one.
 */
export function pasteTile(
  window: Float32Array,
  tile: PlannedTile,
  whole: Float32Array,
  width: number,
): number | undefined {
  const side = tile.columns.length;
  for (let row = 0; row < tile.height; row++) {
    const from = (tile.insetY + row) * side + tile.insetX;
    const line = window.subarray(from, from + tile.width);
    for (let column = 0; column < line.length; column++) {
      const value = line[column]!;
      // Also false for NaN.
      if (!(value >= 0 && value <= 1)) return value;
    }
    whole.set(line, (tile.y + row) * width + tile.x);
  }
  return undefined;
}
