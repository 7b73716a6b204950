import type { Image } from "@unet/data";

/** The values of an image. */
export type Pixels = Image["data"];

/** Zeros of the same kind and length. */
export function zerosLike(pixels: Pixels): Pixels {
  if (pixels instanceof Uint8Array) return new Uint8Array(pixels.length);
  if (pixels instanceof Uint16Array) return new Uint16Array(pixels.length);
  return new Float32Array(pixels.length);
}

/** How many channels hold color: all but alpha, and all that are separate. */
export function colorChannels({ channels, isSeparate }: Image): number {
  return isSeparate ? channels : channels === 1 ? 1 : 3;
}

/** The highest value that an image of this depth can hold. */
export function fullScale({ depth }: Image): number {
  return depth === 32 ? Infinity : 2 ** depth - 1;
}

/** The value of white; floats stand for 0…1. */
export function whiteOf({ depth }: Image): number {
  return depth === 32 ? 1 : 2 ** depth - 1;
}

/** Makes a value one that an image of this depth can hold; floats stay. */
export function holderOf(image: Image): (value: number) => number {
  if (image.depth === 32) return (value) => value;
  const highest = fullScale(image);
  return (value) => Math.max(0, Math.min(highest, Math.round(value)));
}

/**
 * Whether an image shows color. Gray images are often stored as equal red,
 * green and blue, and separate channels are no colors.
 */
export function hasColor({ data, channels, isSeparate }: Image): boolean {
  if (isSeparate || channels === 1) return false;
  for (let i = 0; i < data.length; i += channels) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return true;
  }
  return false;
}

/** Parts of red, green and blue in luminance (ITU-R BT.601). */
export const luminanceWeights = [0.299, 0.587, 0.114] as const;
