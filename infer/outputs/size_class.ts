/** Classes from an area to its double. */
const perDoubling = 4;

/**
 * The class of an object's size: four from an area to its double, so that a few
 * numbers hold the distribution of any number of objects.
 *
 * @param area Pixels, at least 1.
 * @returns The class, a whole number from 0.
 *
 * @example
 * ```ts
 * import { sizeClassOf } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 2, 4, 300].map(sizeClassOf), [0, 4, 8, 32]);
 * ```
 */
export function sizeClassOf(area: number): number {
  return Math.floor(perDoubling * Math.log2(area) + 1e-9);
}

/**
 * The smallest area of a size class, which is the limit of the class below.
 *
 * @param sizeClass The class, a whole number from 0.
 * @returns The area in pixels.
 *
 * @example
 * ```ts
 * import { areaOfClass } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 4, 8].map(areaOfClass), [1, 2, 4]);
 * ```
 */
export function areaOfClass(sizeClass: number): number {
  return 2 ** (sizeClass / perDoubling);
}
