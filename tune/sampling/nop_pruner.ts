import type { Pruner } from "./pruner.ts";

/**
 * A pruner that lets every trial run to its end.
 *
 * @example
 * ```ts
 * import { nopPruner } from "@unet/tune/sampling";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(typeof nopPruner().shouldPrune, "function");
 * ```
 */
export function nopPruner(): Pruner {
  return { shouldPrune: () => ({ prune: false, systemAttributes: {} }) };
}
