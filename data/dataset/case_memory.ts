import type { DatasetFile } from "./dataset_file.ts";

/** Files of a case are kept between reading and decoding up to so much. */
const mostKept = 2 ** 26;

/** Values per pixel that an image may have where no channels are chosen. */
const usualChannels = 4;

/**
 * Bytes per pixel of what is made of a case besides its image: a mask, the
 * labels twice, and the pixels as they are stored in the end.
 */
const otherBytes = 12;

/** What a case takes whose image is not right, which decoding finds out. */
const pixelsOfFaulty = 2 ** 20;

/** Whether the files of a case are small enough to be kept in memory. */
export function areKept(files: readonly DatasetFile[]): boolean {
  return files.reduce((sum, { size }) => sum + size, 0) <= mostKept;
}

/**
 * Estimates how much memory decoding a case takes.
 *
 * @param pixels Those of its image and of each mask, where they are known.
 * @param channels Channels of the image that are read.
 * @returns Bytes.
 */
export function caseMemory(
  pixels: Iterable<number | undefined>,
  channels = usualChannels,
): number {
  let most = 0;
  for (const one of pixels) most = Math.max(most, one ?? pixelsOfFaulty);
  return most * (otherBytes + 4 * Math.max(usualChannels, channels));
}
