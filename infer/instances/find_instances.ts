import type { Instance } from "./instance.ts";
import { InstanceFinder } from "./instance_finder.ts";
import type { InstanceOptions } from "./instance_options.ts";

/** The size of an image, and what a network says of borders on it. */
export interface InstanceImage {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * Each pixel's probability of being the border of an object, 0…1, laid out
   * as `[H, W]`; there if the network tells borders.
   */
  readonly boundary?: Float32Array;
}

/**
 * Finds the objects of an image, those that touch told apart.
 *
 * @param probability Each pixel's probability of being object, 0…1, laid out
 * as `[H, W]`.
 * @param image The size, and the probabilities of borders where there are.
 * @param options How objects are told apart.
 * @returns The objects, in the order in which reading the rows completes them.
 * @throws {RangeError} If an option is not in its range, or the numbers of
 * values are not the size's.
 *
 * @example
 * ```ts
 * import { findInstances } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * // Two discs that overlap.
 * const [width, height] = [50, 30];
 * const isIn = (at: number, x: number) =>
 *   Math.hypot(at % width - x, Math.floor(at / width) - 15) < 10.5;
 * const probability = Float32Array.from(
 *   { length: width * height },
 *   (_, at) => isIn(at, 16) || isIn(at, 33) ? 0.9 : 0.1,
 * );
 * const instances = findInstances(probability, { width, height });
 * assertEquals(instances.map(({ width }) => width), [19, 19]);
 * ```
 */
export function findInstances(
  probability: Float32Array,
  { width, height, boundary }: InstanceImage,
  options: InstanceOptions = {},
): Instance[] {
  const finder = new InstanceFinder(width, height, options);
  const rows = { y: 0, width, height, probability };
  const band = boundary === undefined ? rows : { ...rows, boundary };
  return [...finder.add(band).instances];
}
