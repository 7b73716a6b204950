import { count } from "@unet/errors";
import { loadSharp } from "./sharp.ts";
import type { Image } from "../types.ts";

/**
 * Encodes an image or a mask as PNG, every value as it is.
 *
 * @param image 8 or 16 bits a value; 1, 3 or 4 channels.
 * @returns The file's bytes.
 * @throws {TypeError} If the image holds floats, which PNG cannot.
 * @throws {RangeError} If the number of values is not the size's.
 *
 * @example
 * ```ts
 * import { encodePng } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const png = await encodePng({
 *   width: 2,
 *   height: 1,
 *   channels: 1,
 *   depth: 8,
 *   data: new Uint8Array([0, 255]),
 * });
 * assertEquals([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]);
 * ```
 */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, channels, depth, data } = image;
  if (depth === 32 || data instanceof Float32Array) {
    throw new TypeError(
      "Cannot encode image as PNG: found floats, expected 8 or 16 bits",
    );
  }
  if (data.length !== width * height * channels) {
    throw new RangeError(
      `Cannot encode image as PNG: found ${data.length} values, expected ${
        width * height * channels
      } for ${width}×${height} with ${count(channels, "channel")}`,
    );
  }
  const hasStrangeFourth = channels === 4 && image.isSeparate;
  if (channels !== 1 && channels !== 3 && channels !== 4 || hasStrangeFourth) {
    throw new TypeError(
      `Cannot encode image as PNG: found ${
        count(channels, "channel")
      }, expected gray, or color with or without alpha`,
    );
  }
  const sharp = await loadSharp();
  const space = channels === 1
    ? (depth === 16 ? "grey16" : "b-w")
    : (depth === 16 ? "rgb16" : "srgb");
  const bytes = await sharp(data, { raw: { width, height, channels } })
    .toColorspace(space)
    .png()
    .toBuffer();
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
