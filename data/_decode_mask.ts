import { cannot, FileError } from "@unet/errors";
import { decodeImage, type DecodeOptions } from "./decode_image.ts";
import { formatOf, isLossy, readPngHeader } from "./_image_format.ts";
import { withGrayTables } from "./_index_gif.ts";
import { showsZeroBright, withoutPalette } from "./_index_png.ts";
import type { StoredMask } from "./stored_mask.ts";
import type { Image } from "./types.ts";

/**
 * Decodes a mask to the numbers that its file stores, as tifffile and ImageJ
 * show them: neither a palette nor "zero is white" changes them.
 *
 * @param bytes The whole file.
 * @param name What messages call it.
 * @throws {FileError} As {@linkcode decodeImage}, and if its pixels are neither
 * numbers nor colors.
 */
export async function decodeMask(
  bytes: Uint8Array,
  name: string,
  options: DecodeOptions = {},
): Promise<StoredMask> {
  const format = formatOf(bytes);
  const png = format === "PNG" ? readPngHeader(bytes) : undefined;
  const isIndexed = png?.colorType === 3;
  const readable = isIndexed
    ? withoutPalette(bytes)
    : format === "GIF"
    ? withGrayTables(bytes)
    : bytes;
  const image = await decodeImage(readable, name, options);
  const spread = png && png.depth < 8 ? 255 / (2 ** png.depth - 1) : 1;
  return {
    width: image.width,
    height: image.height,
    ...numbersOf(image, spread, name),
    isLossy: isLossy(bytes),
    pages: 1,
    hasShapeInAlpha: hasShapeInAlpha(image),
    showsZeroBright: isIndexed && showsZeroBright(bytes),
  };
}

/** One number per pixel: a color becomes one where it is not gray. */
function numbersOf(
  { channels, depth, data }: Image,
  spread: number,
  name: string,
): Pick<StoredMask, "values" | "colorBits"> {
  if (channels === 1) {
    const values = spread === 1 ? data : data.map((value) => value / spread);
    return { values, colorBits: 0 };
  }
  const pixels = data.length / channels;
  let isGray = true;
  for (let at = 0; isGray && at < data.length; at += channels) {
    isGray = data[at] === data[at + 1] && data[at] === data[at + 2];
  }
  if (isGray) {
    const values = data.slice(0, pixels);
    for (let at = 0; at < pixels; at++) values[at] = data[at * channels]!;
    return { values, colorBits: 0 };
  }
  if (depth === 32) {
    throw new FileError(cannot("read", "mask", name, {
      found: "colors of floating-point numbers",
      expected: "one number per pixel, or colors of 8 or 16 bits",
    }));
  }
  const base = 2 ** depth;
  const values = depth === 8
    ? new Uint32Array(pixels)
    : new Float64Array(pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += channels) {
    values[pixel] = (data[at]! * base + data[at + 1]!) * base + data[at + 2]!;
  }
  return { values, colorBits: depth };
}

/** Whether all pixels have one color, and their transparency differs. */
function hasShapeInAlpha({ channels, data }: Image): boolean {
  if (channels !== 4) return false;
  let differs = false;
  for (let at = 0; at < data.length; at += 4) {
    for (let color = at; color < at + 3; color++) {
      if (data[color] !== data[color - at]) return false;
    }
    differs ||= data[at + 3] !== data[3];
  }
  return differs;
}
