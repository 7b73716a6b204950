import type { Rectangle } from "@unet/data";
import type { Band } from "./band.ts";

/** Rows of nothing that are made at a time. */
const emptyRows = 128;

/**
 * Puts the bands of a part of an image back into the whole: probability 0
 * around it.
 *
 * @param bands The part's bands.
 * @param part Where it lies on the image.
 * @param size The image's size.
 * @param size.width Pixels a row.
 * @param size.height Rows.
 * @returns The image's bands.
 *
 * @example
 * ```ts
 * import { type Band, frameBands } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const bands = async function* (): AsyncGenerator<Band> {
 *   yield { y: 0, width: 1, height: 1, probability: new Float32Array([0.5]) };
 * };
 * const part = { x: 1, y: 0, width: 1, height: 1 };
 * const framed = frameBands(bands(), part, { width: 2, height: 2 });
 * const all = await Array.fromAsync(framed, ({ probability }) => [...probability]);
 * assertEquals(all, [[0, 0.5], [0, 0]]);
 * ```
 */
export async function* frameBands(
  bands: AsyncIterable<Band>,
  part: Rectangle,
  { width, height }: { readonly width: number; readonly height: number },
): AsyncGenerator<Band, void, void> {
  if (part.width === width && part.height === height) {
    yield* bands;
    return;
  }
  let isBordered = false;
  const empty = function* (y: number, end: number): Generator<Band> {
    for (let first = y; first < end; first += emptyRows) {
      const rows = Math.min(emptyRows, end - first);
      const band = { y: first, height: rows, width };
      const probability = new Float32Array(rows * width);
      yield isBordered
        ? { ...band, probability, boundary: new Float32Array(rows * width) }
        : { ...band, probability };
    }
  };
  const widened = (values: Float32Array, rows: number): Float32Array => {
    const wide = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const from = row * part.width;
      const line = values.subarray(from, from + part.width);
      wide.set(line, row * width + part.x);
    }
    return wide;
  };
  let isFirst = true;
  for await (const { y, height: rows, probability, boundary } of bands) {
    isBordered = boundary !== undefined;
    // Only now is it known whether there are borders.
    if (isFirst) yield* empty(0, part.y);
    isFirst = false;
    const band = { y: part.y + y, height: rows, width };
    const wide = widened(probability, rows);
    yield boundary
      ? { ...band, probability: wide, boundary: widened(boundary, rows) }
      : { ...band, probability: wide };
  }
  yield* empty(isFirst ? 0 : part.y + part.height, height);
}
