import type { Image } from "@unet/data";
import { colorChannels } from "./_pixels.ts";

/** Some of an image's channels, one after the other. */
export interface ChannelSpan {
  /** The first of them. */
  readonly first: number;
  /** How many there are. */
  readonly count: number;
}

/** All channels of color together, or each separate one on its own. */
export function colorSpans(image: Image): ChannelSpan[] {
  const count = colorChannels(image);
  return image.isSeparate
    ? Array.from({ length: count }, (_, first) => ({ first, count: 1 }))
    : [{ first: 0, count }];
}

/**
 * The lowest, the highest and the mean value of some channels; of all colors if
 * not given, of which alpha is none.
 */
export function valueStatistics(
  image: Image,
  { first, count }: ChannelSpan = { first: 0, count: colorChannels(image) },
): { low: number; high: number; mean: number } {
  const { data, channels } = image;
  let low = Infinity, high = -Infinity, sum = 0;
  for (let pixel = first; pixel < data.length; pixel += channels) {
    for (let i = pixel; i < pixel + count; i++) {
      const value = data[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value;
    }
  }
  return { low, high, mean: sum / (data.length / channels * count) };
}
