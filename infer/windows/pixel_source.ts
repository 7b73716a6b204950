import type { Image } from "@unet/data";

/**
 * Where an image's pixels come from, window by window; an `ImageReader` of
 * `@unet/data` is one, and {@linkcode pixelsOf} makes one of an image.
 */
export interface PixelSource {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * Reads a part of the image.
   *
   * @param x Its first column.
   * @param y Its first row.
   * @param width Its columns.
   * @param height Its rows.
   */
  read(x: number, y: number, width: number, height: number): Promise<Image>;
}

/**
 * Gives an image in memory as a source of pixels.
 *
 * @param image The image; rows of its full width are views of it, not copies.
 * @returns The source.
 *
 * @example
 * ```ts
 * import { pixelsOf } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array([1, 2, 3, 4]);
 * const source = pixelsOf({ width: 2, height: 2, channels: 1, depth: 8, data });
 * assertEquals((await source.read(1, 0, 1, 2)).data, new Uint8Array([2, 4]));
 * ```
 */
export function pixelsOf(image: Image): PixelSource {
  const { channels, data } = image;
  return {
    width: image.width,
    height: image.height,
    read(x, y, width, height) {
      const inside = x >= 0 && y >= 0 && width >= 0 && height >= 0 &&
        x + width <= image.width && y + height <= image.height;
      if (!inside) {
        return Promise.reject(
          new RangeError(
            `Cannot read pixels: found ${width}×${height} at ${x},${y}, expected a part of ${image.width}×${image.height}`,
          ),
        );
      }
      const line = image.width * channels;
      if (width === image.width) {
        const rows = data.subarray(y * line, (y + height) * line);
        return Promise.resolve({ ...image, height, data: rows });
      }
      const part = data.slice(0, width * height * channels);
      for (let row = 0; row < height; row++) {
        const from = (y + row) * line + x * channels;
        part.set(
          data.subarray(from, from + width * channels),
          row * width * channels,
        );
      }
      return Promise.resolve({ ...image, width, height, data: part });
    },
  };
}
