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
import type { Flags } from "./flags.ts";

/** The most points of a grid. */
const largestGrid = 100_000;

/**
 * The sampler that the flags name.
 *
 * @param flags The command line.
 * @param space What is tried.
 * @returns It, and how many trials it has; Infinity for any number.
 * @throws {UsageError} If the space has no grid.
 */
export function samplerOf(
  flags: Flags,
  space: Space,
): { sampler: Sampler; most: number } {
  switch (flags.text("sampler")) {
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
          cannot("use", "flag", "--sampler", {
            found: `a grid of ${most} points`,
            expected: `at most ${largestGrid}`,
          }),
        );
      }
      const seed = flags.number("seed")!;
      return { sampler: gridSampler(grid, { seed }), most };
    }
    case "random":
      return { sampler: randomSampler(), most: Infinity };
    default: {
      const multivariate = flags.text("multivariate") === "on";
      return { sampler: tpeSampler({ multivariate }), most: Infinity };
    }
  }
}

function pointsOf(name: string, distribution: Distribution): readonly Choice[] {
  if (distribution.kind === "categorical") return distribution.choices;
  const { low, high, step, log } = distribution;
  if (step === null || log) {
    throw new UsageError(
      cannot("use", "flag", "--sampler", {
        found: `grid with parameter ${name}, which is ${
          log ? "on a logarithmic scale" : "without a step"
        }`,
        expected: "choices or a step for each parameter",
        remedy: "name a --space",
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
 * The pruner that the flags name.
 *
 * @param flags The command line.
 * @param epochs How many epochs a trial has.
 */
export function prunerOf(flags: Flags, epochs: number): Pruner {
  switch (flags.text("pruner")) {
    case "halving":
      return successiveHalvingPruner({ minimalResource: 1 });
    case "hyperband":
      return hyperbandPruner({ maximalResource: epochs });
    case "none":
      return nopPruner();
    default:
      return medianPruner();
  }
}
