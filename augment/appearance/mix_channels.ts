import type { Image } from "@unet/data";
import type { Random } from "@unet/random";
import { hasColor, holderOf, luminanceWeights } from "../_pixels.ts";
import { colorSpans, valueStatistics } from "../_value_statistics.ts";

/** Replaces colors by their luminance, in place; separate channels stay. */
export function removeColor(image: Image): void {
  if (!hasColor(image)) return;
  const { data, channels } = image;
  const hold = holderOf(image);
  const [red, green, blue] = luminanceWeights;
  for (let i = 0; i < data.length; i += channels) {
    const luminance = hold(
      red * data[i]! + green * data[i + 1]! + blue * data[i + 2]!,
    );
    data[i] = data[i + 1] = data[i + 2] = luminance;
  }
}

/** Where red, green and blue come from in each order but their own. */
const orders = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const;

/**
 * Puts red, green and blue into another order, in place. Separate channels
 * stay, for each has its meaning.
 */
export function shuffleColors(image: Image, random: Random): void {
  const [red, green, blue] = orders[random.integer(0, orders.length - 1)]!;
  if (!hasColor(image)) return;
  const { data, channels } = image;
  for (let i = 0; i < data.length; i += channels) {
    const color = [data[i]!, data[i + 1]!, data[i + 2]!] as const;
    data[i] = color[red];
    data[i + 1] = color[green];
    data[i + 2] = color[blue];
  }
}

/**
 * Makes dark what is bright, in place, between the image's own lowest and
 * highest value; separate channels each between their own.
 */
export function invert(image: Image): void {
  const { data, channels } = image;
  for (const span of colorSpans(image)) {
    const { low, high } = valueStatistics(image, span);
    for (let pixel = span.first; pixel < data.length; pixel += channels) {
      for (let i = pixel; i < pixel + span.count; i++) {
        data[i] = low + high - data[i]!;
      }
    }
  }
}
