/**
 * Segments an image that is in memory. Runs in a browser.
 *
 * @module
 */
import type { Image } from "@unet/data";
import { intensitiesOf } from "@unet/data/intensities";
import { rescaled } from "@unet/data/rescaled";
import type { Planes } from "./band.ts";
import { imageReaderOf } from "./image_reader_of.ts";
import { joinBands } from "./join_bands.ts";
import { pixelsOf } from "./pixel_source.ts";
import { colorNormalizationOf, objectHead, type Predict } from "./predict.ts";
import { scaleBands } from "./scale_bands.ts";
import { segmentBands, type SegmentImageOptions } from "./segment_bands.ts";

/** How an image in memory is segmented. */
export interface SegmentWholeOptions extends SegmentImageOptions {
  /**
   * By how much the image is enlarged for the network, and the result brought
   * back; 1 by default. Below 1 it shrinks.
   */
  readonly scale?: number;
}

/**
 * Segments an image that is in memory: {@linkcode segmentBands}, put together.
 *
 * @param image The image; the network sees it as `toRgb8` of `@unet/data`
 * gives it by the network's rule, or separate channels as `normalizeChannels` does.
 * @param predict The network.
 * @param options How to cut the image, how much at once.
 * @returns The values of each head for every pixel.
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
 * const { planes } = await segmentImage(
 *   image,
 *   (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
 * );
 * assertEquals(planes.object, new Float32Array([1, 0, 1]));
 * ```
 */
export async function segmentImage(
  image: Image,
  predict: Predict,
  { scale = 1, ...options }: SegmentWholeOptions = {},
): Promise<Planes> {
  const { heads = [objectHead] } = predict;
  const range = intensitiesOf(image, colorNormalizationOf(predict));
  const seen = scale === 1
    ? pixelsOf(image)
    : rescaled(imageReaderOf(image), scale);
  const bands = segmentBands(seen, predict, { ...options, range });
  return await joinBands(scaleBands(bands, seen, image), image, heads);
}
