import { createHash } from "node:crypto";
import { type ColorNormalization, intensityRange, toRgb8 } from "./rgb8.ts";
import type { Image } from "../types.ts";

/**
 * The pixels of an image as a network sees them, with one channel where red,
 * green and blue are the same everywhere.
 */
export function seenPixels(
  image: Image,
  normalization?: ColorNormalization,
): Uint8Array {
  if (image.isSeparate) {
    const { buffer, byteOffset, byteLength } = image.data;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  const rgb = toRgb8(image, intensityRange(image, normalization))
    .data as Uint8Array;
  for (let at = 0; at < rgb.length; at += 3) {
    if (rgb[at] !== rgb[at + 1] || rgb[at] !== rgb[at + 2]) return rgb;
  }
  const gray = new Uint8Array(rgb.length / 3);
  for (let at = 0; at < gray.length; at++) gray[at] = rgb[at * 3]!;
  return gray;
}

/** A text that is the same for images of the same size and pixels. */
export function contentOf(
  { width, height }: Pick<Image, "width" | "height">,
  pixels: Uint8Array,
): string {
  return createHash("sha256").update(`${width} ${height} ${pixels.length} `)
    .update(pixels).digest("hex").slice(0, 32);
}
