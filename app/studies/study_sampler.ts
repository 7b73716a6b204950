import { cannot, UsageError } from "@unet/errors";
import type { Choice, Distribution, Space } from "@unet/tune";
import {
  gridSampler,
  hyperbandPruner,
  medianPruner,
  nopPruner,
  type Pruner,
  randomSampler,
  type Sampler,
  successiveHalvingPruner,
  tpeSampler,
} from "@unet/tune/sampling";

/** The most points of a grid. */
const largestGrid = 100_000;

/** How the settings of trials are chosen, and which trials end early. */
export interface SearchChoices {
  /** How settings are chosen; "tpe" if not given. */
  readonly sampler?: "tpe" | "random" | "grid";
  /** Whether tpe considers parameters together, as it does if not given. */
  readonly multivariate?: boolean;
  /** The rule that ends poor trials; "median" if not given. */
  readonly pruner?: "median" | "halving" | "hyperband" | "none";
  /** The seed of the sampler; 0 if not given. */
  readonly seed?: number;
}

/**
 * The sampler that choices name.
 *
 * @param choices How settings are chosen.
 * @param space What is tried.
 * @returns It, and how many trials it has; Infinity for any number.
 * @throws {UsageError} If the space has no grid.
 */
export function samplerOf(
  { sampler = "tpe", multivariate = true, seed = 0 }: SearchChoices,
  space: Space,
): { sampler: Sampler; most: number } {
  switch (sampler) {
    case "grid": {
      const grid = Object.fromEntries(
        Object.entries(space).map(([name, distribution]) => [
          name,
          pointsOf(name, distribution),
        ]),
      );
      const most = Object.values(grid)
        .reduce((product, { length }) => product * length, 1);
      if (most > largestGrid) {
        throw new UsageError(
          cannot("use", "setting", "sampler", {
            found: `a grid of ${most} points`,
            expected: `at most ${largestGrid}`,
          }),
        );
      }
      return { sampler: gridSampler(grid, { seed }), most };
    }
    case "random":
      return { sampler: randomSampler(), most: Infinity };
    case "tpe":
      return { sampler: tpeSampler({ multivariate }), most: Infinity };
  }
}

function pointsOf(name: string, distribution: Distribution): readonly Choice[] {
  if (distribution.kind === "categorical") return distribution.choices;
  const { low, high, step, log } = distribution;
  if (step === null || log) {
    throw new UsageError(
      cannot("use", "setting", "sampler", {
        found: `grid with parameter ${name}, which is ${
          log ? "on a logarithmic scale" : "without a step"
        }`,
        expected: "choices or a step for each parameter",
        remedy: "name a `space`",
      }),
    );
  }
  // Rounding may keep the last point from the bound, or push it over.
  const count = Math.floor((high - low) / step + 1e-8) + 1;
  return Array.from(
    { length: count },
    (_, at) => Math.min(high, Number((low + at * step).toPrecision(12))),
  );
}

/**
 * The pruner that choices name.
 *
 * @param choices Which trials end early.
 * @param epochs How many epochs a trial has.
 */
export function prunerOf(
  { pruner = "median" }: SearchChoices,
  epochs: number,
): Pruner {
  switch (pruner) {
    case "halving":
      return successiveHalvingPruner({ minimalResource: 1 });
    case "hyperband":
      return hyperbandPruner({ maximalResource: epochs });
    case "none":
      return nopPruner();
    case "median":
      return medianPruner();
  }
}
