import { channelNamesOf } from "./choose_channel.ts";
import { cropImage } from "./crop_image.ts";
import type { ReadingNote } from "./image_choice.ts";
import type { OpenedImage } from "./opened_image.ts";
import type { Image } from "../types.ts";

/** A reader whose image is in memory, for callers that need all of it without a copy. */
export type MemoryReader = OpenedImage & { readonly whole: Image };

/**
 * A reader of an image in memory.
 *
 * @param image What is read.
 * @param path What messages call the file.
 * @param about What the file held before a channel was chosen, and what more.
 */
export function memoryReader(
  image: Image,
  path: string,
  about: {
    readonly stored: Image;
    readonly times: number;
    readonly orientation: number;
    readonly notes: readonly ReadingNote[];
  },
): MemoryReader {
  const { width, height, channels, depth, isSeparate } = image;
  return {
    path,
    whole: image,
    width,
    height,
    channels,
    ...(isSeparate && { isSeparate }),
    depth,
    tiled: false,
    level: 0,
    levels: [{ width, height }],
    channelNames: channelNamesOf(about.stored),
    planes: 1,
    times: about.times,
    orientation: about.orientation,
    otherFiles: [],
    notes: about.notes,
    // Not async: an error of the caller's still becomes a rejection.
    read: (x, y, width, height) =>
      Promise.resolve().then(() => cropImage(image, { x, y, width, height })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
