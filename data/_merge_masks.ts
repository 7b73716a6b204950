import { labelComponents } from "./label_components.ts";
import type { ImageSize } from "./types.ts";
import type { Image, Labels } from "./types.ts";

/** What became of one nucleus' mask. */
export interface Merged {
  /** Its pixels, those of other nuclei included. */
  readonly pixels: number;
  /** Those of its pixels that an earlier mask had taken. */
  readonly overlap: number;
}

/**
 * Adds one nucleus to the labels under a number. A pixel that has a number
 * already keeps it.
 *
 * @param labels Changed in place.
 * @param mask Of the same size; everything but 0 is the nucleus, from half of
 * white upwards where encoding blurred the values.
 */
export function mergeMask(
  labels: Labels,
  mask: Image,
  number: number,
  lossy: boolean,
): Merged {
  const { data } = labels;
  const values = foreground(mask, lossy);
  let pixels = 0, overlap = 0;
  const visit = (index: number) => {
    if (!values[index]) return;
    pixels++;
    if (data[index]) overlap++;
    else data[index] = number;
  };
  // A nucleus is small: most of its mask is skipped four pixels at a time.
  const words = values instanceof Uint8Array && values.byteOffset % 4 === 0
    ? new Uint32Array(values.buffer, values.byteOffset, values.length >> 2)
    : new Uint32Array(0);
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    for (let index = word * 4; index < word * 4 + 4; index++) visit(index);
  }
  for (let index = words.length * 4; index < values.length; index++) {
    visit(index);
  }
  return { pixels, overlap };
}

/**
 * Reads the only mask of an image: one value besides 0 makes it binary, and
 * its connected components are the instances; with more values (or colors)
 * each is an instance, numbered from 1 in ascending order.
 */
export function labelsOfMask(mask: Image, lossy: boolean): Labels {
  const { width, height, channels, data } = mask;
  if (lossy) {
    return labelComponents(foreground(mask, lossy), width, height);
  }
  const base = 2 ** mask.depth;
  const keyAt = channels === 1
    ? (at: number) => data[at]! || 0
    : (at: number) =>
      (data[at]! * base + data[at + 1]!) * base + data[at + 2]! || 0;
  const keys = new Set<number>();
  for (let at = 0; at < data.length; at += channels) keys.add(keyAt(at));
  keys.delete(0);
  if (keys.size <= 1) {
    return labelComponents(foreground(mask, lossy), width, height);
  }
  const ascending = [...keys].sort((a, b) => a - b);
  const numbers = new Map(ascending.map((key, index) => [key, index + 1]));
  numbers.set(0, 0);
  const labels = new Uint32Array(width * height);
  for (let index = 0; index < labels.length; index++) {
    labels[index] = numbers.get(keyAt(index * channels))!;
  }
  return { width, height, data: labels };
}

/** Values that are 0 on the background alone, one a pixel. */
function foreground(mask: Image, lossy: boolean): Image["data"] {
  const { width, height, channels, data } = mask;
  if (channels === 1 && !lossy) return data;
  const threshold = lossy ? 2 ** mask.depth / 2 : Number.MIN_VALUE;
  const colors = Math.min(channels, 3);
  const out = new Uint8Array(width * height);
  for (let index = 0; index < out.length; index++) {
    for (let color = 0; color < colors; color++) {
      if (data[index * channels + color]! >= threshold) out[index] = 1;
    }
  }
  return out;
}

/** Whether two sizes are the same. */
export function isSameSize(a: ImageSize, b: ImageSize): boolean {
  return a.width === b.width && a.height === b.height;
}
