/**
 * At which scale a tile is shown. Runs in a browser.
 *
 * @module
 */
import type { Random } from "@unet/random";

/** From where to where scales are drawn: 2 shows objects twice as large. */
export interface ScaleRange {
  /** The smallest scale, more than 0 and at most 1. */
  readonly low: number;
  /** The largest scale, at least 1. */
  readonly high: number;
}

/**
 * Up to which median diameters tiles are enlarged, and down to which they are
 * shrunk, in pixels: below, an object has no shape; above, a network sees
 * objects in part, and another size of the image serves it better.
 */
const diameterLimits = { low: 9, high: 70 } as const;

/** How often a tile is shown as it is. */
const shareAsIs = 0.25;

/**
 * The scales that suit an image: the range, without those that bring its
 * objects below 9 pixels or above 70. Scale 1 is always within, also where an
 * image's objects are smaller or larger than that.
 *
 * @param range The scales of the training.
 * @param diameter The median diameter of the image's objects, in pixels;
 * undefined where there are none, which leaves the range as it is.
 * @throws {RangeError} If the range does not hold 1.
 *
 * @example
 * ```ts
 * import { scalesFor } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const range = { low: 0.4, high: 2.5 };
 * assertEquals(scalesFor(range, 18), { low: 0.5, high: 2.5 });
 * assertEquals(scalesFor(range, 56), { low: 0.4, high: 1.25 });
 * assertEquals(scalesFor(range, 110), { low: 0.4, high: 1 });
 * ```
 */
export function scalesFor(
  range: ScaleRange,
  diameter: number | undefined,
): ScaleRange {
  const { low, high } = range;
  if (!(low > 0 && low <= 1 && high >= 1 && Number.isFinite(high))) {
    throw new RangeError(
      `Cannot draw scales: found ${low} to ${high}, expected a range of positive numbers with 1 in it`,
    );
  }
  if (diameter === undefined) return range;
  return {
    low: Math.min(1, Math.max(low, diameterLimits.low / diameter)),
    high: Math.max(1, Math.min(high, diameterLimits.high / diameter)),
  };
}

/**
 * Draws the scale of a tile: 1 for a quarter of the tiles, so that a network
 * knows images as they are stored, not resampled; otherwise one from the
 * image's range, log-uniformly.
 *
 * Within an image this is log-uniform in the diameter that results, too. Where
 * the image's limits are narrower than the training's range, scales are drawn
 * between them, not moved onto them: else many tiles would have exactly the
 * smallest or the largest size.
 *
 * @param random The source of two draws.
 * @param range The scales that suit the image, of {@linkcode scalesFor}.
 *
 * @example
 * ```ts
 * import { drawScale } from "@unet/data";
 * import { createRandom } from "@unet/random";
 * import { assert } from "@std/assert";
 *
 * const scale = drawScale(createRandom(0), { low: 0.5, high: 2 });
 * assert(scale >= 0.5 && scale <= 2);
 * ```
 */
export function drawScale(random: Random, { low, high }: ScaleRange): number {
  const isAsIs = random.next() < shareAsIs;
  const at = random.next();
  return isAsIs ? 1 : low * (high / low) ** at;
}

/**
 * Scales that stand for all that {@linkcode drawScale} draws, each as likely.
 *
 * @param range The scales that suit the image.
 */
export function typicalScales({ low, high }: ScaleRange): number[] {
  const drawn = 24, asIs = drawn * shareAsIs / (1 - shareAsIs);
  return [
    ...Array.from({ length: asIs }, () => 1),
    ...Array.from(
      { length: drawn },
      (_, at) => low * (high / low) ** ((at + 0.5) / drawn),
    ),
  ];
}
