import type { Study, Trial } from "../study.ts";

/**
 * Finds the trials that no other beats: of a study with one objective the
 * best, the earliest of equals; of one with several the Pareto front, all
 * those to which no other is at least equal in every value and better in one.
 *
 * As in Optuna, only complete trials without NaN count, and none that a
 * constraint forbids (a positive number in the system attribute
 * `constraints`).
 *
 * @param study Any study.
 * @returns The trials by number; none if nothing is complete.
 *
 * @example
 * ```ts
 * import { bestTrials } from "@unet/tune/report";
 * import { assertEquals } from "@std/assert";
 *
 * const study = {
 *   ...{ id: 0, name: "a", directions: [], trials: [] },
 *   ...{ userAttributes: {}, systemAttributes: {} },
 * };
 * assertEquals(bestTrials(study), []);
 * ```
 */
export function bestTrials(study: Study): Trial[] {
  const signs = study.directions.map((each) => each === "maximize" ? -1 : 1);
  const costs = new Map<Trial, number[]>();
  for (const trial of study.trials) {
    const { state, values } = trial;
    if (state !== "complete" || !values || !isAllowed(trial)) continue;
    if (values.length !== signs.length || values.some(Number.isNaN)) continue;
    costs.set(trial, values.map((value, i) => value * signs[i]!));
  }
  if (signs.length === 1) {
    let best: Trial | undefined, least = Infinity;
    for (const [trial, [cost]] of costs) {
      if (best && cost! >= least) continue;
      best = trial;
      least = cost!;
    }
    return best ? [best] : [];
  }
  return [...costs].filter(([, cost]) =>
    ![...costs.values()].some((other) => dominates(other, cost))
  ).map(([trial]) => trial);
}

function isAllowed({ systemAttributes: { constraints } }: Trial): boolean {
  return !Array.isArray(constraints) ||
    constraints.every((constraint) => !(constraint > 0));
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  return a.every((cost, i) => cost <= b[i]!) &&
    a.some((cost, i) => cost < b[i]!);
}
