import { channelNamesOf } from "./_choose_channel.ts";
import { cropImage } from "./crop_image.ts";
import type { PixelSize } from "./image_reader.ts";
import type { OpenedImage } from "./open_image.ts";
import type { Image } from "./types.ts";

/**
 * A reader of an image in memory.
 *
 * @param image What is read.
 * @param stored What the file held before a channel was chosen.
 */
export function memoryReader(
  image: Image,
  path: string,
  stored: Image,
  pixelSize?: PixelSize,
): OpenedImage {
  const { width, height, channels, depth } = image;
  return {
    path,
    width,
    height,
    channels,
    depth,
    ...(pixelSize && { pixelSize }),
    tiled: false,
    level: 0,
    levels: [{ width, height }],
    channelNames: channelNamesOf(stored),
    planes: 1,
    times: 1,
    // Not async: an error of the caller's still becomes a rejection.
    read: (x, y, width, height) =>
      Promise.resolve().then(() => cropImage(image, { x, y, width, height })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
