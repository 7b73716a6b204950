/**
 * The range of an image's values, however its channels are seen. Runs in a
 * browser.
 *
 * @module
 */
import { channelRanges, drawChannels } from "./channel_values.ts";
import {
  type ColorNormalization,
  type IntensityRange,
  intensityRange,
  toRgb8,
} from "./rgb8.ts";
import type { Image } from "../types.ts";

/**
 * The values that a network sees as lowest and highest: one range where an
 * image is color or gray, a range per channel where its channels are separate.
 */
export type Intensities = IntensityRange | readonly IntensityRange[];

/**
 * Finds the range of values of a whole image: {@linkcode intensityRange}, or
 * {@linkcode channelRanges} where its channels are separate.
 *
 * @param image The whole image.
 * @param normalization The rule for color and gray; `stretch-dark` if not
 * given.
 * @returns The range, or one per channel.
 *
 * @example
 * ```ts
 * import { intensitiesOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array([0, 200]);
 * const gray = { width: 2, height: 1, channels: 1, depth: 8, data } as const;
 * assertEquals(intensitiesOf(gray), { low: 0, high: 255 });
 * assertEquals(intensitiesOf({ ...gray, isSeparate: true }), [
 *   { low: 0, high: 200 },
 * ]);
 * ```
 */
export function intensitiesOf(
  image: Image,
  normalization?: ColorNormalization,
): Intensities {
  return image.isSeparate
    ? channelRanges(image)
    : intensityRange(image, normalization);
}

/**
 * A picture of an image for a person: {@linkcode toRgb8}, or
 * {@linkcode drawChannels} where its channels are separate.
 *
 * @param image The image.
 * @param range The whole image's range; this image's own if not given.
 * @returns A picture of 8 bits, red, green and blue.
 *
 * @example
 * ```ts
 * import { pictureOf } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([1000, 3000]);
 * const image = { width: 2, height: 1, channels: 1, depth: 16, data } as const;
 * assertEquals([...pictureOf(image).data], [0, 0, 0, 255, 255, 255]);
 * ```
 */
export function pictureOf(
  image: Image,
  range: Intensities = intensitiesOf(image),
): Image & { readonly data: Uint8Array } {
  return isPerChannel(range)
    ? drawChannels(image, range)
    : toRgb8(image, range) as Image & { readonly data: Uint8Array };
}

/** Whether there is a range per channel. */
export function isPerChannel(
  range: Intensities,
): range is readonly IntensityRange[] {
  return Array.isArray(range);
}
