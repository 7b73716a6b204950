import { cannot, FileError } from "@unet/errors";
import type { StoredMask } from "./_stored_mask.ts";
import type { Image } from "./types.ts";

/**
 * Makes a number of each pixel of a decoded image: of gray its value, even if
 * it is stored as color, and of a color its channels one after the other.
 *
 * @param image The image; a fourth channel is transparency.
 * @param path What messages call its file.
 * @throws {FileError} If it has colors of floating-point numbers.
 */
export function colorNumbers(
  image: Image,
  path: string,
): Pick<StoredMask, "values" | "colorBits" | "hasShapeInAlpha"> {
  const { channels, depth, data } = image;
  if (channels === 1) {
    return { values: data, colorBits: 0, hasShapeInAlpha: false };
  }
  const pixels = data.length / channels;
  const shape = hasShapeInAlpha(image);
  let isGray = true;
  for (let at = 0; isGray && at < data.length; at += channels) {
    isGray = data[at] === data[at + 1] && data[at] === data[at + 2];
  }
  if (isGray) {
    const values = data.slice(0, pixels);
    for (let at = 0; at < pixels; at++) values[at] = data[at * channels]!;
    return { values, colorBits: 0, hasShapeInAlpha: shape };
  }
  if (depth === 32) {
    throw new FileError(cannot("read", "mask", path, {
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
  return { values, colorBits: depth, hasShapeInAlpha: shape };
}

/** Whether all pixels have one color, and their transparency differs. */
function hasShapeInAlpha({ channels, data }: Image): boolean {
  if (channels !== 4) return false;
  let differs = false;
  for (let at = 0; at < data.length; at += 4) {
    for (let color = 0; color < 3; color++) {
      if (data[at + color] !== data[color]) return false;
    }
    differs ||= data[at + 3] !== data[3];
  }
  return differs;
}
