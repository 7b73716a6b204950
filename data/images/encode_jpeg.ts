import { count } from "@unet/errors";
import { loadSharp } from "./sharp.ts";
import type { Image } from "../types.ts";

/**
 * Encodes an image as JPEG, for looking at: small, and not value for value.
 *
 * @param image 8 bits a value; 1 or 3 channels.
 * @param quality 1…100; 80 by default.
 * @returns The file's bytes.
 * @throws {TypeError} If the image holds other values, or alpha.
 * @throws {RangeError} If the number of values is not the size's, or the
 * quality is out of its range.
 *
 * @example
 * ```ts
 * import { encodeJpeg } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const jpeg = await encodeJpeg({
 *   width: 2,
 *   height: 1,
 *   channels: 1,
 *   depth: 8,
 *   data: new Uint8Array([0, 255]),
 * });
 * assertEquals([...jpeg.subarray(0, 2)], [0xff, 0xd8]);
 * ```
 */
export async function encodeJpeg(
  image: Image,
  quality = 80,
): Promise<Uint8Array> {
  const { width, height, channels, depth, data } = image;
  if (depth !== 8 || channels !== 1 && channels !== 3) {
    throw new TypeError(
      `Cannot encode image as JPEG: found ${
        count(channels, "channel")
      } of ${depth} bits, expected 1 or 3 of 8`,
    );
  }
  if (data.length !== width * height * channels) {
    throw new RangeError(
      `Cannot encode image as JPEG: found ${data.length} values, expected ${
        width * height * channels
      } for ${width}×${height} with ${count(channels, "channel")}`,
    );
  }
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new RangeError(
      `Cannot encode image as JPEG: found a quality of ${quality}, expected 1…100`,
    );
  }
  const sharp = await loadSharp();
  const bytes = await sharp(data, { raw: { width, height, channels } })
    .jpeg({ quality })
    .toBuffer();
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
