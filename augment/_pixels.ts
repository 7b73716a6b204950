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
