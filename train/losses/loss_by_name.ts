import { cannot, UsageError } from "@unet/errors";
import { bceDiceLoss } from "./bce_dice_loss.ts";
import { bceTerm } from "./bce_term.ts";
import { bceWithLogits } from "./bce_with_logits.ts";
import { diceLoss } from "./dice_loss.ts";
import { diceTerm } from "./dice_term.ts";
import { labeledTerm } from "./labeled_term.ts";
import type { Loss } from "./loss.ts";
import { type LossName, lossNames } from "./loss_names.ts";
import { lossOf, type LossTerm } from "./loss_term.ts";
import { weightedCrossEntropy } from "./weighted_cross_entropy.ts";
import { weightedTerm } from "./weighted_term.ts";

/** One loss. */
interface LossRow {
  /** Makes it, with its defaults. */
  readonly make: () => Loss;
  /** Its summands, with their defaults. */
  readonly terms: () => readonly LossTerm[];
  /** Whether batches must hold a weight per pixel. */
  readonly needsWeights?: boolean;
}

const losses: Readonly<Record<LossName, LossRow>> = {
  "bce": { make: () => bceWithLogits, terms: () => [bceTerm] },
  "dice": { make: () => diceLoss(), terms: () => [diceTerm()] },
  "bce+dice": {
    make: () => bceDiceLoss(),
    terms: () => [bceTerm, diceTerm()],
  },
  "weighted-bce": {
    make: () => weightedCrossEntropy,
    terms: () => [weightedTerm],
    needsWeights: true,
  },
};

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
  const { make, terms } = rowOf(name);
  if (!isSparse) return make();
  return lossOf(
    terms().map((term) => ({ weight: 1, term: labeledTerm(term) })),
  );
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
