import { fileInMemory } from "./file_in_memory.ts";
import { readImageFile } from "./open_image_file.ts";
import type { ImageChoice } from "./image_choice.ts";
import type { Image } from "../types.ts";

/** Which part of a file is decoded, and how much at most. */
export interface DecodeOptions extends ImageChoice {
  /**
   * The most pixels that are decoded, 2²⁸ (about 268 million, 16,384 × 16,384)
   * if not given. More than that is refused before memory is taken.
   */
  readonly maxPixels?: number;
}

/**
 * Decodes an image file in memory: PNG, JPEG, TIFF, WebP or GIF, whatever its
 * name, by the rules of `openImage()`.
 *
 * @param bytes The whole file.
 * @param name What messages call it, as its path.
 * @param options Level, channel, plane, time; the limit on pixels.
 * @returns The image.
 * @throws {FileError} If it is another kind of file, damaged, cut off, or too
 * large, has no such level, channel, plane or time, or has several channels of
 * which none is chosen. What is cut off behind the last pixel of a JPEG or GIF
 * passes.
 * @throws {RangeError} If an option is no number that it may be.
 *
 * @example
 * ```ts
 * import { decodeImage, encodePng } from "@unet/data";
 * import { FileError } from "@unet/errors";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const data = new Uint16Array([0, 1000, 2000, 65535]);
 * const image = { width: 2, height: 2, channels: 1, depth: 16, data } as const;
 * const png = await encodePng(image);
 * assertEquals(await decodeImage(png, "cells.png"), image);
 * await assertRejects(() => decodeImage(png.subarray(0, 50), "cells.png"), FileError);
 * ```
 */
export async function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<Image> {
  const { image } = await readImageFile(fileInMemory(bytes, name), options);
  return image;
}
