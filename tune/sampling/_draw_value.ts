import type { Random } from "@unet/random";
import type { Choice, Distribution } from "../distribution.ts";
import { highestOf, rangeOf, valueAt } from "./_numeric_range.ts";

/** Whether there is one value alone, or none that logarithms distinguish from it. */
export function isSingle(distribution: Distribution): boolean {
  if (distribution.kind === "categorical") {
    return distribution.choices.length === 1;
  }
  if (highestOf(distribution) === distribution.low) return true;
  const { low, high } = rangeOf(distribution);
  return low === high;
}

/** Draws one value evenly. */
export function drawValue(distribution: Distribution, random: Random): Choice {
  if (distribution.kind === "categorical") {
    const { choices } = distribution;
    return choices[random.integer(0, choices.length - 1)]!;
  }
  if (isSingle(distribution)) return distribution.low;
  const { low, high } = rangeOf(distribution);
  return valueAt(distribution, random.uniform(low, high));
}
