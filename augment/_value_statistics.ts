import type { Image } from "@unet/data";
import { colorChannels } from "./_pixels.ts";

/** The lowest, the highest and the mean color value of an image; alpha is no color. */
export function valueStatistics(
  image: Image,
): { low: number; high: number; mean: number } {
  const { data, channels } = image;
  const colors = colorChannels(image);
  let low = Infinity, high = -Infinity, sum = 0;
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    for (let i = pixel; i < pixel + colors; i++) {
      const value = data[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
      sum += value;
    }
  }
  return { low, high, mean: sum / (data.length / channels * colors) };
}
