import type { Distribution, Space } from "../distribution.ts";
import type { Trial } from "../study.ts";
import { highestOf } from "./_numeric_range.ts";

/**
 * The parameters that all finished trials drew from the same distribution; none
 * before the first.
 *
 * @param trials Trials that are complete or pruned.
 */
export function jointSpace(space: Space, trials: readonly Trial[]): Space {
  if (trials.length === 0) return {};
  return Object.fromEntries(
    Object.entries(space).filter(([name, distribution]) =>
      trials.every(({ distributions }) =>
        Object.hasOwn(distributions, name) &&
        isSame(distribution, distributions[name]!)
      )
    ),
  );
}

function isSame(a: Distribution, b: Distribution): boolean {
  if (a.kind === "categorical" || b.kind === "categorical") {
    return a.kind === "categorical" && b.kind === "categorical" &&
      a.choices.length === b.choices.length &&
      a.choices.every((choice, at) => choice === b.choices[at]);
  }
  // Optuna stores the highest value that steps reach.
  return a.kind === b.kind && a.low === b.low && a.log === b.log &&
    a.step === b.step && Math.abs(highestOf(a) - highestOf(b)) <=
      1e-12 * Math.abs(highestOf(a));
}
