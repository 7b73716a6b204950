import { requireInside } from "./window.ts";
import type { Rectangle } from "../cache/cached_case.ts";
import type { ImageReader } from "./image_reader.ts";

/**
 * Makes a reader of a part of an image.
 *
 * @param reader The image; disposing of the new reader disposes of it.
 * @param rectangle The part, inside the image.
 * @returns The reader, with (0, 0) at the rectangle's corner.
 * @throws {RangeError} If the rectangle is empty or reaches out of the image.
 *
 * @example
 * ```ts
 * import { cropped, encodePng, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([0, 1, 2, 3, 4, 5]);
 * const image = { width: 3, height: 2, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   const part = { x: 1, y: 1, width: 2, height: 1 };
 *   await using reader = cropped(await openImage(path), part);
 *   assertEquals([...(await reader.read(0, 0, 2, 1)).data], [4, 5]);
 * }
 * await Deno.remove(path);
 * ```
 */
export function cropped(
  reader: ImageReader,
  rectangle: Rectangle,
): ImageReader {
  requireInside(reader, rectangle);
  const { path, channels, depth, isSeparate, tiled, pixelSize } = reader;
  const { x: left, y: top, width, height } = rectangle;
  return {
    path,
    width,
    height,
    channels,
    depth,
    ...(isSeparate && { isSeparate }),
    tiled,
    ...(pixelSize && { pixelSize }),
    read: async (x, y, columns, rows) => {
      requireInside({ width, height }, { x, y, width: columns, height: rows });
      return await reader.read(left + x, top + y, columns, rows);
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}
