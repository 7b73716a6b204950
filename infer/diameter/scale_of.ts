import type { Diameters } from "@unet/data";

/**
 * By how much an image is enlarged for a network: not at all if its objects are
 * of a size that the network learned. Otherwise they are brought into that
 * range, as far from its end as from its median: to the geometric mean of both.
 *
 * Within the range, resampling costs more than it brings: it blurs, and a
 * measured size is not exact. Smaller objects are not brought to the median
 * because time grows with the square of the factor.
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
 * const learned = { low: 5, median: 20, high: 80 };
 * assertEquals(scaleOf(30, learned), 1);
 * assertEquals(scaleOf(160, learned), 0.25);
 * assertEquals(scaleOf(4, learned), 2.5);
 * ```
 */
export function scaleOf(
  diameter: number,
  { low, median, high }: Diameters,
): number {
  if (diameter < low) return Math.sqrt(low * median) / diameter;
  return diameter > high ? Math.sqrt(median * high) / diameter : 1;
}
