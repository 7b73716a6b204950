import { emptyValues, requireInside } from "./window.ts";
import type { Rectangle } from "../cache/cached_case.ts";
import type { Image } from "../types.ts";

/**
 * Cuts a window out of an image in memory.
 *
 * @param image The image.
 * @param rectangle The window, inside the image.
 * @returns A copy of its values.
 * @throws {RangeError} If the window is empty or reaches out of the image.
 *
 * @example
 * ```ts
 * import { cropImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array([0, 1, 2, 3, 4, 5]);
 * const image = { width: 3, height: 2, channels: 1, depth: 8, data } as const;
 * const cut = cropImage(image, { x: 1, y: 0, width: 2, height: 2 });
 * assertEquals([...cut.data], [1, 2, 4, 5]);
 * ```
 */
export function cropImage(image: Image, rectangle: Rectangle): Image {
  requireInside(image, rectangle);
  const { x, y, width, height } = rectangle;
  const { channels, data } = image;
  const row = width * channels;
  const out = emptyValues(image.depth, row * height);
  for (let line = 0; line < height; line++) {
    const from = ((y + line) * image.width + x) * channels;
    out.set(data.subarray(from, from + row), line * row);
  }
  return { ...image, width, height, data: out };
}
