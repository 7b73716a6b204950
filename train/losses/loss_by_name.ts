import { bceWithLogits } from "./bce_with_logits.ts";
import type { Loss } from "./loss.ts";
import { partByName } from "./part_by_name.ts";
import { sigmoidLoss } from "./sigmoid_loss.ts";

/** How {@linkcode lossByName} treats what is not labeled. */
export interface LossByNameOptions {
  /** Whether elements with a target below 0 are left out; not by default. */
  readonly isSparse?: boolean;
}

/**
 * The loss of that name, with its defaults.
 *
 * @param name `bce`, `dice`, `bce+dice` or `weighted-bce`, which needs batches
 * with weights.
 * @param options What is done with elements that are not labeled.
 * @returns The loss.
 * @throws {UsageError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { bceWithLogits, lossByName } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lossByName("bce"), bceWithLogits);
 * ```
 */
export function lossByName(
  name: string,
  { isSparse = false }: LossByNameOptions = {},
): Loss {
  const part = partByName(name);
  if (!isSparse && name === "bce") return bceWithLogits;
  return sigmoidLoss({ ...part, isSparse });
}

/**
 * Whether a loss needs batches with a weight per pixel, which a loader makes
 * with the option `borderWeights`.
 *
 * @param name The loss.
 * @returns Whether it does.
 * @throws {UsageError} If there is none of that name.
 *
 * @example
 * ```ts
 * import { lossNeedsWeights } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lossNeedsWeights("weighted-bce"), true);
 * assertEquals(lossNeedsWeights("dice"), false);
 * ```
 */
export function lossNeedsWeights(name: string): boolean {
  return partByName(name).isWeighted;
}
