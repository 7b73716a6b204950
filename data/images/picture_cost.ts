import type { Metadata } from "sharp";
import type { ImageFormat, PngHeader } from "./image_format.ts";
import type { ImageSize } from "../types.ts";

/** Deflate makes no more bytes of one. */
const mostTimes = 1032;

/** Pixels per byte of a JPEG: 64 per bit, and as much again for coarse color. */
const mostJpegPixels = 1024;

/** Values per pixel, by PNG's number of the color type. */
export const pngSamples: Readonly<Record<number, number>> = {
  0: 1,
  2: 3,
  3: 1,
  4: 2,
  6: 4,
};

/**
 * Whether the compressed pixels of a PNG can be as many as its header says:
 * one that is cut off or was made to look large has fewer.
 */
export function isPossiblePng(header: PngHeader): boolean {
  const { width, height, depth, colorType, packed } = header;
  const samples = pngSamples[colorType] ?? 1;
  const rowBytes = 1 + Math.ceil(width * samples * depth / 8);
  return rowBytes * height <= 4096 + packed * mostTimes;
}

/**
 * Whether so many bytes can be a picture of a size. A block of JPEG's 8×8
 * pixels takes a bit or more in a scan of each channel; GIF and WebP may say in
 * a few bytes that all pixels are the same.
 */
export function isPossible(
  { width, height }: ImageSize,
  format: ImageFormat,
  stored: number,
): boolean {
  return format !== "JPEG" || width * height <= stored * mostJpegPixels;
}

/** Bytes that the image library takes for a PNG. */
export function pngCost(header: PngHeader): number {
  const { width, height, depth, colorType, isInterlaced } = header;
  // A palette may be transparent, and gray with alpha becomes color.
  const channels = colorType === 0 ? 1 : colorType === 2 ? 3 : 4;
  const decoded = width * height * channels * Math.max(8, depth) / 8;
  return isInterlaced ? 2 * decoded : decoded;
}

/** Bytes that the image library takes for an image of another format. */
export function pictureCost(
  { width, height, channels, depth, isProgressive }: Metadata,
  format: ImageFormat,
): number {
  const bytes = depth === "uchar" ? 1 : depth === "ushort" ? 2 : 4;
  const decoded = width * height * channels * bytes;
  // Frames are put together in color with alpha before they are given.
  if (format === "GIF" || format === "WebP") {
    return decoded + width * height * 4;
  }
  // The coefficients of all blocks are kept until the last scan.
  return format === "JPEG" && isProgressive ? 3 * decoded : decoded;
}
