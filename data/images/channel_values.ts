/**
 * What a network sees of channels that were chosen one by one, and how they
 * look to a person. Runs in a browser.
 *
 * @module
 */
import { percentiles } from "./percentiles.ts";
import type { IntensityRange } from "./rgb8.ts";
import type { Image } from "../types.ts";

/**
 * The shares of a channel's values below which its range begins and ends, as in
 * StarDist; and those of its smallest and its largest value.
 */
export const channelShares = [0.01, 0.998, 0, 1] as const;

/**
 * The range between percentiles that were found by {@linkcode channelShares}.
 * Where both are one value, as on a black background with few objects, it is
 * that from the smallest to the largest value.
 */
export function rangeBetween(found: readonly number[]): IntensityRange {
  const [low = 0, high = 0, least = 0, most = 0] = found;
  return low < high ? { low, high } : { low: least, high: most };
}

/**
 * Finds the range of values of each channel that {@linkcode normalizeChannels}
 * spreads over 0…1: from the 1st to the 99.8th percentile of the channel, as in
 * StarDist's examples. A percentile is a value of the image (numpy's
 * `inverted_cdf`); NaN and infinities do not count. Where both percentiles are
 * one value, the range is from the smallest to the largest value.
 *
 * A large image that is read in pieces has one range per channel, the whole
 * image's.
 *
 * @param image The whole image.
 * @returns A range per channel; `low` equals `high` where a channel has one
 * value alone.
 *
 * @example
 * ```ts
 * import { channelRanges } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([100, 7, 500, 7, 900, 7]);
 * assertEquals(
 *   channelRanges({ width: 3, height: 1, channels: 2, depth: 16, data }),
 *   [{ low: 100, high: 900 }, { low: 7, high: 7 }],
 * );
 * ```
 */
export function channelRanges(image: Image): IntensityRange[] {
  return Array.from(
    { length: image.channels },
    (_, channel) => rangeBetween(percentiles(image, channelShares, channel)),
  );
}

/**
 * Spreads each channel from its range over 0…1. Values beyond are cut off, so
 * that a hot pixel outweighs nothing; NaN becomes 0, and so does a channel that
 * has one value alone.
 *
 * @param image The image; left as it is.
 * @param ranges A range per channel, of the whole image as
 * {@linkcode channelRanges} gives it.
 * @returns A new image of floats, of the same size and channels.
 * @throws {RangeError} If there are not as many ranges as channels.
 *
 * @example
 * ```ts
 * import { channelRanges, normalizeChannels } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([100, 7, 500, 7, 900, 7]);
 * const image = { width: 3, height: 1, channels: 2, depth: 16, data } as const;
 * const seen = normalizeChannels(image, channelRanges(image));
 * assertEquals([...seen.data], [0, 0, 0.5, 0, 1, 0]);
 * ```
 */
export function normalizeChannels(
  image: Image,
  ranges: readonly IntensityRange[],
): Image & { readonly data: Float32Array } {
  const { channels, data } = image;
  requireRanges(image, ranges);
  const out = new Float32Array(data.length);
  for (const [channel, { low, high }] of ranges.entries()) {
    const width = high - low;
    if (width === 0) continue;
    for (let at = channel; at < data.length; at += channels) {
      const value = data[at]!;
      // Not so for NaN either.
      if (value > low) out[at] = Math.min(1, (value - low) / width);
    }
  }
  return { ...image, depth: 32, isSeparate: true, data: out };
}

/** The colors of channels: of one, of two, and of more. */
const palettes = {
  one: [[1, 1, 1]],
  two: [[1, 0, 1], [0, 1, 0]],
  more: [
    ...[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    ...[[0, 1, 1], [1, 0, 1], [1, 1, 0]],
  ],
} as const;

/**
 * Draws channels as a person sees them together: one is gray; of two, the first
 * is magenta and the second green; further ones are red, green, blue, cyan,
 * magenta and yellow in turn. Each is stretched by its range, and what lies on
 * one pixel adds up. Channels after the sixth are not drawn.
 *
 * @param image The image.
 * @param ranges A range per channel, of the whole image; this image's own if
 * not given.
 * @returns A picture of 8 bits, red, green and blue.
 * @throws {RangeError} If there are not as many ranges as channels.
 *
 * @example
 * ```ts
 * import { drawChannels } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([0, 500, 900, 0]);
 * const picture = drawChannels(
 *   { width: 2, height: 1, channels: 2, depth: 16, data },
 * );
 * assertEquals([...picture.data], [0, 255, 0, 255, 0, 255]);
 * ```
 */
export function drawChannels(
  image: Image,
  ranges: readonly IntensityRange[] = channelRanges(image),
): Image & { readonly data: Uint8Array } {
  const { width, height, channels } = image;
  const { data } = normalizeChannels(image, ranges);
  const palette = channels === 1
    ? palettes.one
    : channels === 2
    ? palettes.two
    : palettes.more;
  const drawn = palette.slice(0, channels);
  const out = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    for (let color = 0; color < 3; color++) {
      let sum = 0;
      for (const [channel, parts] of drawn.entries()) {
        sum += parts[color]! * data[from + channel]!;
      }
      out[to + color] = Math.min(255, Math.round(255 * sum));
    }
  }
  return { width, height, channels: 3, depth: 8, data: out };
}

function requireRanges(
  { channels }: Image,
  { length }: readonly IntensityRange[],
): void {
  if (length === channels) return;
  throw new RangeError(
    `Cannot normalize channels: found ${length} ranges for ${channels} channels, expected one each`,
  );
}
