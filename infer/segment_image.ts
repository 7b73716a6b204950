/**
 * Segments an image that is in memory. Runs in a browser.
 *
 * @module
 */
import type { Image } from "@unet/data";
import { intensityRange } from "@unet/data/rgb8";
import { pixelsOf } from "./pixel_source.ts";
import type { Predict } from "./predict.ts";
import { segmentBands, type SegmentImageOptions } from "./segment_bands.ts";

/** What a network says about an image. */
export interface Segmentation {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Each pixel's probability of being object, 0…1, laid out as `[H, W]`. */
  readonly probability: Float32Array;
  /**
   * Each pixel's probability of lying on an object's border, laid out alike;
   * there if the network says it.
   */
  readonly boundary?: Float32Array;
}

/**
 * Segments an image that is in memory: {@linkcode segmentBands}, put together.
 *
 * @param image The image; the network sees it as `toRgb8` of `@unet/data`
 * gives it.
 * @param predict The network.
 * @param options How to cut the image, how much at once.
 * @returns A probability for every pixel.
 * @throws {ModelError} If a probability is not a number in 0…1, naming the tile.
 * @throws {RangeError} If a setting is out of its range, or `predict` returns
 * another number of values than the windows have pixels.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import { segmentImage } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const image = {
 *   width: 3,
 *   height: 1,
 *   channels: 3,
 *   depth: 8,
 *   data: new Uint8Array([255, 0, 0, 0, 9, 9, 255, 9, 9]),
 * } as const;
 * const { probability } = await segmentImage(
 *   image,
 *   (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 * );
 * assertEquals(probability, new Float32Array([1, 0, 1]));
 * ```
 */
export async function segmentImage(
  image: Image,
  predict: Predict,
  options: SegmentImageOptions = {},
): Promise<Segmentation> {
  const { width, height } = image;
  const range = intensityRange(image);
  const probability = new Float32Array(width * height);
  const boundary = predict.outputs === 2
    ? new Float32Array(width * height)
    : undefined;
  const bands = segmentBands(pixelsOf(image), predict, { ...options, range });
  for await (const band of bands) {
    probability.set(band.probability, band.y * width);
    if (band.boundary) boundary?.set(band.boundary, band.y * width);
  }
  return boundary
    ? { width, height, probability, boundary }
    : { width, height, probability };
}
