import type { ImageReader } from "./image_reader.ts";
import type { Image } from "../types.ts";

/** The windows that an image is walked in, in pixels. */
export const windowWidth = 4096, windowHeight = 256;

/** The windows of an image, row by row, that a walk through it reads. */
export async function* windowsOf(reader: ImageReader): AsyncGenerator<Image> {
  const { width, height } = reader;
  for (let y = 0; y < height; y += windowHeight) {
    for (let x = 0; x < width; x += windowWidth) {
      yield await reader.read(
        x,
        y,
        Math.min(windowWidth, width - x),
        Math.min(windowHeight, height - y),
      );
    }
  }
}

/** The rows of an image in memory, some at a time; nothing is copied. */
export function* rowsOf(image: Image): Generator<Image> {
  const { width, height, channels, data } = image, line = width * channels;
  for (let y = 0; y < height; y += windowHeight) {
    const rows = Math.min(windowHeight, height - y);
    yield {
      ...image,
      height: rows,
      data: data.subarray(y * line, (y + rows) * line),
    };
  }
}
