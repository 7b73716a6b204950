import type { Diameters } from "@unet/data";

/**
 * By how much an image is enlarged for a network: not at all where its objects
 * are of a size that the network learned, else so that they have the median of
 * these.
 *
 * Between the learned percentiles, resampling costs more than it brings: it
 * blurs, and an estimated size is not exact.
 *
 * @param diameter The median diameter of the image's objects, in pixels.
 * @param learned What the network learned.
 * @returns The factor.
 *
 * @example
 * ```ts
 * import { scaleOf } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const learned = { low: 8, median: 20, high: 40 };
 * assertEquals(scaleOf(30, learned), 1);
 * assertEquals(scaleOf(80, learned), 0.25);
 * ```
 */
export function scaleOf(
  diameter: number,
  { low, median, high }: Diameters,
): number {
  return diameter >= low && diameter <= high ? 1 : median / diameter;
}
