import { crc32 } from "node:zlib";
import type { Pruner } from "./pruner.ts";
import {
  type SuccessiveHalvingOptions,
  successiveHalvingPruner,
} from "./successive_halving_pruner.ts";

/** One run of Successive Halving. */
export interface Bracket {
  /** Its part of the trials, by the sum of all budgets. */
  readonly budget: number;
  /** Who judges them. */
  readonly pruner: Pruner;
}

/** The brackets from the least patient one on; one at least. */
export function bracketsFrom(
  { minimalResource, maximalResource, reductionFactor, bootstrapCount }:
    & Record<"minimalResource" | "maximalResource", number>
    & Required<
      Pick<SuccessiveHalvingOptions, "reductionFactor" | "bootstrapCount">
    >,
): Bracket[] {
  const last = Math.floor(
    Math.log(maximalResource / minimalResource) / Math.log(reductionFactor),
  );
  const count = Math.max(1, last + 1);
  return Array.from({ length: count }, (_, rate) => ({
    budget: Math.ceil(
      count * reductionFactor ** (count - 1 - rate) / (count - rate),
    ),
    pruner: successiveHalvingPruner({
      minimalResource,
      reductionFactor,
      minimalEarlyStoppingRate: rate,
      bootstrapCount,
    }),
  }));
}

/** The bracket in whose part of the sum of budgets a trial's hash falls. */
export function bracketOf(
  studyName: string,
  number: number,
  brackets: readonly Bracket[],
): Bracket {
  const sum = brackets.reduce((sum, { budget }) => sum + budget, 0);
  let place = crc32(`${studyName}_${number}`) % sum;
  return brackets.find(({ budget }) => (place -= budget) < 0)!;
}
