import { cannot, UsageError } from "@unet/errors";
import { bceDiceLoss } from "./bce_dice_loss.ts";
import { bceWithLogits } from "./bce_with_logits.ts";
import { diceLoss } from "./dice_loss.ts";
import type { Loss } from "./loss.ts";
import { weightedCrossEntropy } from "./weighted_cross_entropy.ts";

/** The names that {@linkcode lossByName} knows. */
export type LossName = "bce" | "dice" | "bce+dice" | "weighted-bce";

/** One loss. */
interface LossRow {
  /** Makes it, with its defaults. */
  readonly make: () => Loss;
  /** Whether batches must hold a weight per pixel. */
  readonly needsWeights?: boolean;
}

const losses: Readonly<Record<LossName, LossRow>> = {
  "bce": { make: () => bceWithLogits },
  "dice": { make: () => diceLoss() },
  "bce+dice": { make: () => bceDiceLoss() },
  "weighted-bce": { make: () => weightedCrossEntropy, needsWeights: true },
};

/** The names of the losses, for help texts and studies. */
export const lossNames: readonly LossName[] = Object.keys(
  losses,
) as LossName[];

/**
 * The loss of that name, with its defaults.
 *
 * @param name `bce`, `dice`, `bce+dice` or `weighted-bce`, which needs batches
 * with weights.
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
export function lossByName(name: string): Loss {
  return rowOf(name).make();
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
  return rowOf(name).needsWeights ?? false;
}

function rowOf(name: string): LossRow {
  if (Object.hasOwn(losses, name)) return losses[name as LossName];
  throw new UsageError(
    cannot("use", "loss", name, {
      found: "no loss of that name",
      expected: lossNames.join(", "),
    }),
  );
}
