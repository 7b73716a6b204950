import type { Image, ImageReader } from "@unet/data";
import { pixelsOf } from "./pixel_source.ts";

/**
 * Gives an image in memory as a reader of an image file would.
 *
 * @param image The image.
 * @returns The reader; disposing of it does nothing.
 *
 * @example
 * ```ts
 * import { imageReaderOf } from "@unet/infer";
 * import { rescaled } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array([1, 3, 5, 7]);
 * const image = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
 * const half = rescaled(imageReaderOf(image), { x: 0.5, y: 1 });
 * assertEquals([...(await half.read(0, 0, 2, 1)).data], [2, 6]);
 * ```
 */
export function imageReaderOf(image: Image): ImageReader {
  const { channels, depth, isSeparate } = image;
  return {
    ...{ ...pixelsOf(image), path: "", channels, depth, tiled: false },
    ...(isSeparate && { isSeparate }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
