import type { Image } from "@unet/data";
import type { Random } from "@unet/random";
import { hasColor, holderOf } from "../_pixels.ts";
import { colorSpans, valueStatistics } from "../_value_statistics.ts";

/** How many quantiles stand for the normal distribution, a power of 2. */
const quantileCount = 4096;

/** The noise of a camera. */
export interface Noise {
  /**
   * The standard deviation of noise that is the same everywhere, as a fraction
   * of the image's range.
   */
  readonly sigma: number;
  /**
   * How many photons the brightest pixel has caught: the noise of a pixel is
   * the square root of its photons, Poisson's variance.
   */
  readonly photons: number;
}

/**
 * Adds noise, in place: the same everywhere (Gaussian) or that of counted
 * photons (Poisson), the latter by its normal approximation. Each channel has
 * its own; gray images that are stored as colors stay gray. A pixel's photons
 * count from the image's own lowest value.
 *
 * @param image The image.
 * @param noise What is added: sigma 0 and infinitely many photons add nothing.
 * @param random Where each value is drawn from.
 */
export function addNoise(
  image: Image,
  { sigma, photons }: Noise,
  random: Random,
): void {
  const { data, channels } = image;
  const hold = holderOf(image);
  const draw = normalDraws(random);
  const gray = !image.isSeparate && !hasColor(image);
  for (const { first, count } of colorSpans(image)) {
    const { low, high } = valueStatistics(image, { first, count });
    const range = high - low;
    if (range === 0) continue;
    const constant = (sigma * range) ** 2;
    const perValue = range / photons;
    for (let pixel = first; pixel < data.length; pixel += channels) {
      let draw1 = draw();
      for (let i = pixel; i < pixel + count; i++) {
        if (i > pixel && !gray) draw1 = draw();
        const value = data[i]!;
        const deviation = Math.sqrt(constant + perValue * (value - low));
        data[i] = hold(value + deviation * draw1);
      }
    }
  }
}

/**
 * Draws from equally likely quantiles of the standard normal distribution, two
 * for each random number: several times as fast as a draw by logarithm and
 * cosine. No draw is further than 3.7 from 0.
 */
function normalDraws(random: Random): () => number {
  const quantiles = normalQuantiles();
  let waiting = -1;
  return () => {
    if (waiting >= 0) {
      const value = quantiles[waiting]!;
      waiting = -1;
      return value;
    }
    const both = random.next() * quantileCount;
    const index = Math.floor(both);
    waiting = Math.floor((both - index) * quantileCount);
    return quantiles[index]!;
  };
}

let knownQuantiles: Float64Array | undefined;

/** The middles of equally likely parts, from the density's integral. */
function normalQuantiles(): Float64Array {
  if (knownQuantiles) return knownQuantiles;
  const quantiles = new Float64Array(quantileCount);
  const half = quantileCount / 2;
  const step = 1e-4;
  let area = 0;
  for (let x = 0, index = 0; index < half; x += step) {
    const middle = x + step / 2;
    area += step * Math.exp(-middle * middle / 2) / Math.sqrt(2 * Math.PI);
    while (index < half && area >= (index + 0.5) / quantileCount) {
      quantiles[half + index] = middle;
      quantiles[half - 1 - index] = -middle;
      index++;
    }
  }
  return knownQuantiles = quantiles;
}
