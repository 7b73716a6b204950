import type { Planes } from "../windows/band.ts";
import type { Instance } from "./instance.ts";
import { InstanceFinder } from "./instance_finder.ts";
import type { InstanceHeads } from "./instance_heads.ts";
import type { InstanceOptions } from "./instance_options.ts";

/**
 * Finds the objects of an image and separates those that touch.
 *
 * @param image What the network predicts of the whole image.
 * @param options How touching objects are separated.
 * @param heads Which heads find objects and their borders.
 * @returns The objects, in the order in which reading the rows completes them.
 * @throws {RangeError} If an option is not in its range, there is no head of
 * objects, or the numbers of values do not match the size.
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
 * const object = Float32Array.from(
 *   { length: width * height },
 *   (_, at) => isIn(at, 16) || isIn(at, 33) ? 0.9 : 0.1,
 * );
 * const instances = findInstances({ width, height, planes: { object } });
 * assertEquals(instances.map(({ width }) => width), [19, 19]);
 * ```
 */
export function findInstances(
  { width, height, planes }: Planes,
  options: InstanceOptions = {},
  heads: InstanceHeads = {},
): Instance[] {
  const finder = new InstanceFinder(width, height, options, heads);
  return [...finder.add({ y: 0, width, height, planes }).instances];
}
