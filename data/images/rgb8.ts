/**
 * 8-bit color of any image, the input of the network. Runs in a browser.
 *
 * @module
 */
import { percentileRange } from "./percentile_range.ts";
import { percentiles } from "./percentiles.ts";
import type { Image } from "../types.ts";

/** The values that become black and white. */
export interface IntensityRange {
  /** This value and those below become 0. */
  readonly low: number;
  /** This value and those above become 255. */
  readonly high: number;
}

/** An 8-bit image whose 99.9th percentile lies below this is dark: half its range is idle. */
export const darkBelow = 128;

/** The shares of values below which the range begins and ends. */
export const rangeShares = [0.001, 0.999] as const;

/**
 * By which rule color and gray images are spread over 0…255: `stretch-dark`
 * leaves bright images of 8 bits as they are, `color-percentiles` spreads every
 * image.
 */
export const colorNormalizations = [
  "stretch-dark",
  "color-percentiles",
] as const;

/** One of {@linkcode colorNormalizations}. */
export type ColorNormalization = typeof colorNormalizations[number];

/**
 * Finds the range of values that {@linkcode toRgb8} spreads over 0…255.
 *
 * By the rule `stretch-dark`: for 16 bits and floats, and for 8 bits where the image is dark (99.9 of 100
 * values lie in the lower half), it reaches from the 0.1th to the 99.9th
 * percentile; for other images of 8 bits it is 0…255, which leaves them as
 * they are.
 *
 * By the rule `color-percentiles`, it reaches from the 1st to the 99.8th
 * percentile of every image, as in StarDist's examples; from the smallest to
 * the largest value where both are one. It is at least 16 standard deviations
 * of the noise wide, measured by the median difference of neighbors in a row,
 * and 16 levels of integers, so that noise alone never fills it. What it lacks
 * is added in proportion to the room that 8 or 16 bits have at either end: an
 * empty dark image stays dark, an empty bright one bright.
 *
 * All channels but alpha count together, so that colors keep their
 * balance. A percentile is a value of the image (numpy's `inverted_cdf`);
 * NaN and infinities do not count.
 *
 * A large image that is read in pieces has one range, the whole image's.
 *
 * @param image The whole image.
 * @param normalization The rule; `stretch-dark` if not given.
 * @returns The range; `low` equals `high` where the image has one value alone.
 *
 * @example
 * ```ts
 * import { intensityRange } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([100, 500, 900, 4095]);
 * assertEquals(
 *   intensityRange({ width: 4, height: 1, channels: 1, depth: 16, data }),
 *   { low: 100, high: 4095 },
 * );
 * ```
 */
export function intensityRange(
  image: Image,
  normalization: ColorNormalization = "stretch-dark",
): IntensityRange {
  if (normalization === "color-percentiles") return percentileRange(image);
  const [low = 0, high = 0] = percentiles(image, rangeShares);
  if (image.depth === 8 && high >= darkBelow) return { low: 0, high: 255 };
  return { low, high };
}

/**
 * Turns any image into what a network sees: 8 bits, three channels.
 *
 * Alpha is dropped and gray is tripled. Values are spread from the image's
 * {@linkcode intensityRange} over 0…255 (rounded, cut off at both ends): 16
 * bits, floats and dark images so come to use the full range. An image
 * that has one value alone becomes black, unless it is a bright 8-bit one.
 *
 * @param image The image; left as it is.
 * @param range The range to spread, where it is not this image's own, as for
 * a piece of a larger one.
 * @returns A new image of the same size.
 *
 * @example
 * ```ts
 * import { toRgb8 } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint16Array([1000, 3000]);
 * const image = { width: 2, height: 1, channels: 1, depth: 16, data } as const;
 * assertEquals([...toRgb8(image).data], [0, 0, 0, 255, 255, 255]);
 * ```
 */
export function toRgb8(
  image: Image,
  range: IntensityRange = intensityRange(image),
): Image & { readonly channels: 3; readonly depth: 8 } {
  const { width, height, channels, depth, data } = image;
  const isSame = depth === 8 && channels === 3 && range.low === 0 &&
    range.high === 255;
  if (isSame) {
    return {
      width,
      height,
      channels: 3,
      depth: 8,
      data: Uint8Array.from(data),
    };
  }
  const scaled = scaling(image, range);
  const out = new Uint8Array(width * height * 3);
  const green = channels === 1 ? 0 : 1, blue = channels === 1 ? 0 : 2;
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    out[to] = scaled(data[from]!);
    out[to + 1] = scaled(data[from + green]!);
    out[to + 2] = scaled(data[from + blue]!);
  }
  return { width, height, channels: 3, depth: 8, data: out };
}

/** The function that spreads a value; a table where there are few values. */
function scaling(
  image: Image,
  { low, high }: IntensityRange,
): (value: number) => number {
  const factor = high > low ? 255 / (high - low) : 0;
  const scale = (value: number) =>
    value > low ? Math.min(255, Math.round((value - low) * factor)) : 0;
  if (image.depth === 32) return scale;
  const table = Uint8Array.from(
    { length: 2 ** image.depth },
    (_, i) => scale(i),
  );
  return (value) => table[value]!;
}
