import { cannot, UsageError } from "@unet/errors";
import { bceDiceLoss } from "./bce_dice_loss.ts";
import { bceWithLogits } from "./bce_with_logits.ts";
import { diceLoss } from "./dice_loss.ts";
import type { Loss } from "./loss.ts";
import { weightedCrossEntropy } from "./weighted_cross_entropy.ts";

/** The names that {@linkcode lossByName} knows. */
export type LossName = "bce" | "dice" | "bce+dice" | "weighted-bce";

const losses: Readonly<Record<LossName, () => Loss>> = {
  "bce": () => bceWithLogits,
  "dice": () => diceLoss(),
  "bce+dice": () => bceDiceLoss(),
  "weighted-bce": () => weightedCrossEntropy,
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
  const make = Object.hasOwn(losses, name) ? losses[name as LossName] : null;
  if (make) return make();
  throw new UsageError(
    cannot("use", "loss", name, {
      found: "no loss of that name",
      expected: lossNames.join(", "),
    }),
  );
}
