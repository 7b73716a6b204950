import type { Values } from "./values.ts";

/**
 * Takes the top left of each four pixels.
 *
 * @param rows An even number of rows, but for the last ones of an image, laid
 * out as `[rows, W, C]`.
 * @param half Gets the pixels.
 * @param shape How large the rows are.
 */
export function halveNearest(
  rows: Values,
  half: Values,
  { width, height, channels }: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
  },
): void {
  let to = 0;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) half[to++] = rows[from + c]!;
    }
  }
}
