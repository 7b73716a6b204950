import { cannot, FileError } from "@unet/errors";
import type { StoredMask } from "./stored_mask.ts";
import type { Image } from "../types.ts";

/**
 * Makes a number of each pixel of a decoded image: of gray its value, even if
 * it is stored as color, and of a color its channels one after the other.
 *
 * @param image The image; a fourth channel is transparency.
 * @param path What messages call its file.
 * @throws {FileError} If it has floating-point colors.
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
      found: "floating-point colors",
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

/**
 * Whether the commonest color is opaque in places and transparent in others, so
 * that there are shapes which colors alone do not show.
 */
function hasShapeInAlpha({ channels, depth, data }: Image): boolean {
  if (channels !== 4) return false;
  const opaque = new Map<number, number>(), clear = new Map<number, number>();
  const base = 2 ** depth, half = depth === 32 ? 0.5 : base / 2;
  for (let at = 0; at < data.length; at += 4) {
    const color = (data[at]! * base + data[at + 1]!) * base + data[at + 2]!;
    const pixels = data[at + 3]! >= half ? opaque : clear;
    pixels.set(color, (pixels.get(color) ?? 0) + 1);
  }
  let most = 0, isSplit = false;
  for (const color of new Set([...opaque.keys(), ...clear.keys()])) {
    const shown = opaque.get(color) ?? 0, hidden = clear.get(color) ?? 0;
    if (shown + hidden <= most) continue;
    most = shown + hidden;
    isSplit = shown > 0 && hidden > 0;
  }
  return isSplit;
}
