/** How many objects are of a class. */
export interface ClassCount {
  /** The class's name. */
  readonly name: string;
  /** Its objects. */
  readonly objects: number;
}

/**
 * Adds up objects of classes over images, by the classes' names.
 *
 * @param lists The counts of each image.
 * @returns The sum of each class, in the order in which they first come.
 *
 * @example
 * ```ts
 * import { sumClassCounts } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = sumClassCounts([
 *   [{ name: "tumor", objects: 3 }],
 *   [{ name: "stroma", objects: 2 }, { name: "tumor", objects: 1 }],
 * ]);
 * assertEquals(sum, [
 *   { name: "tumor", objects: 4 },
 *   { name: "stroma", objects: 2 },
 * ]);
 * ```
 */
export function sumClassCounts(
  lists: Iterable<readonly ClassCount[]>,
): ClassCount[] {
  const sums = new Map<string, number>();
  for (const counts of lists) {
    for (const { name, objects } of counts) {
      sums.set(name, (sums.get(name) ?? 0) + objects);
    }
  }
  return [...sums].map(([name, objects]) => ({ name, objects }));
}
