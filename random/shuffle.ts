import type { Random } from "./random.ts";

/**
 * A random permutation of the items (Fisher and Yates).
 *
 * @param items What to shuffle; left as it is.
 * @param random The source.
 * @returns The same items in random order.
 *
 * @example
 * ```ts
 * import { createRandom, shuffle } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shuffle([3, 1, 2], createRandom(0)).sort(), [1, 2, 3]);
 * ```
 */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(0, last);
    const held = result[last] as T;
    result[last] = result[other] as T;
    result[other] = held;
  }
  return result;
}
