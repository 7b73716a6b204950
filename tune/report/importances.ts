import { cannot } from "@unet/errors";
import { createRandom } from "@unet/random";
import type { Choice, Distribution } from "../distribution.ts";
import type { Study, Trial } from "../study.ts";
import { growTree } from "./_forest.ts";
import { marginalVariances } from "./_marginal_variance.ts";
import { isSameDistribution } from "./_same_distribution.ts";

/** How much a parameter matters. */
export interface Importance {
  /** The parameter. */
  readonly name: string;
  /** Its share of what all parameters explain alone, 0…1. */
  readonly share: number;
}

/** How {@linkcode importances} looks at a study. */
export interface ImportancesOptions {
  /** Which of a trial's values to explain, from 0; the first by default. */
  readonly objective?: number;
  /** Trees of the forest, 64 by default. */
  readonly trees?: number;
  /** Names the streams of random numbers, an integer; 0 by default. */
  readonly seed?: number;
}

/**
 * Finds which parameters matter, by functional analysis of variance (fANOVA):
 * a random forest learns the value from the parameters, and of a parameter
 * counts how much the forest's prediction varies with it alone, on average
 * over all others. What parameters do only together is left out, and the
 * shares sum to 1.
 *
 * The forest and the measure are those of Optuna's
 * `FanovaImportanceEvaluator`: bounds are those of the distributions, a
 * parameter counts evenly between them (a logarithmic one too), a categorical
 * one is a column a choice. Only complete trials with finite values count, and
 * only parameters that all of them have, with the same distribution. A
 * parameter with a single value has the share 0; so have all where nothing
 * varies.
 *
 * @param study Any study.
 * @param options Which value, how many trees, the seed.
 * @returns The parameters, those that matter most first; none if there are
 * fewer than two trials to go by.
 * @throws {RangeError} If the study has no such objective, or there is no tree.
 *
 * @example
 * ```ts
 * import { importances } from "@unet/tune/report";
 * import { assertEquals } from "@std/assert";
 *
 * const x = { kind: "float", low: 0, high: 1, log: false, step: null } as const;
 * const trials = Array.from({ length: 30 }, (_, number) => {
 *   const params = { rate: (number * 7 % 30) / 30, noise: number / 30 };
 *   return {
 *     ...{ id: number, number, state: "complete" as const, params },
 *     values: [params.rate ** 2],
 *     distributions: { rate: x, noise: x },
 *     intermediateValues: new Map(),
 *     ...{ userAttributes: {}, systemAttributes: {} },
 *     ...{ started: null, completed: null },
 *   };
 * });
 * const study = {
 *   ...{ id: 0, name: "a", directions: ["minimize" as const], trials },
 *   ...{ userAttributes: {}, systemAttributes: {} },
 * };
 * assertEquals(importances(study)[0]!.name, "rate");
 * ```
 */
export function importances(
  study: Study,
  options: ImportancesOptions = {},
): Importance[] {
  const { objective = 0, trees = 64, seed = 0 } = options;
  if (!(objective in study.directions)) {
    throw new RangeError(
      cannot("assess", "parameters of study", study.name, {
        found: `objective ${objective}`,
        expected: `one of ${study.directions.length}, from 0`,
      }),
    );
  }
  if (!(Number.isSafeInteger(trees) && trees > 0)) {
    throw new RangeError(
      cannot("assess", "parameters of study", study.name, {
        found: `${trees} trees`,
        expected: "a whole number from 1",
      }),
    );
  }
  const complete = study.trials.filter(({ state }) => state === "complete");
  const space = sharedSpace(complete);
  const trials = complete.filter(({ values }) =>
    Number.isFinite(values?.[objective])
  );
  if (trials.length < 2) return [];
  const { names, columns, bounds, groups } = encode(space, trials);
  const targets = standardize(trials.map((trial) => trial.values![objective]!));
  const sums = new Array<number>(names.length).fill(0);
  if (names.length > 0 && targets) {
    for (let i = 0; i < trees; i++) {
      const tree = growTree(columns, targets, createRandom(seed, i));
      const { total, parts } = marginalVariances(tree, bounds, groups);
      if (total > 0) parts.forEach((part, at) => sums[at]! += part / total);
    }
  }
  const whole = sums.reduce((a, b) => a + b, 0);
  const shares = new Map(names.map((name, i) => [name, sums[i]!]));
  return Object.keys(space)
    .map((name) => ({
      name,
      share: whole > 0 ? (shares.get(name) ?? 0) / whole : 0,
    }))
    .sort((a, b) => b.share - a.share);
}

/** The parameters that all trials drew from the same values. */
function sharedSpace(trials: readonly Trial[]): Record<string, Distribution> {
  const [first, ...rest] = trials;
  return Object.fromEntries(
    Object.entries(first?.distributions ?? {}).filter(([name, distribution]) =>
      rest.every(({ distributions }) => {
        if (!Object.hasOwn(distributions, name)) return false;
        return isSameDistribution(distributions[name]!, distribution);
      })
    ),
  );
}

/** The parameters with more than one value, as columns of numbers. */
function encode(
  space: Readonly<Record<string, Distribution>>,
  trials: readonly Trial[],
): {
  names: string[];
  columns: Float64Array[];
  bounds: [number, number][];
  groups: number[][];
} {
  const names: string[] = [], columns: Float64Array[] = [];
  const bounds: [number, number][] = [], groups: number[][] = [];
  for (const [name, distribution] of Object.entries(space)) {
    const columnOf = (code: (choice: Choice) => number) =>
      Float64Array.from(trials, ({ params }) => code(params[name] ?? null));
    const own = distribution.kind === "categorical"
      ? distribution.choices.map((choice) => ({
        column: columnOf((chosen) => Number(Object.is(chosen, choice))),
        bounds: [0, 1] as [number, number],
      }))
      : [{
        column: columnOf(Number),
        bounds: [distribution.low, distribution.high] as [number, number],
      }];
    if (isSingle(distribution)) continue;
    names.push(name);
    groups.push(own.map((_, i) => columns.length + i));
    columns.push(...own.map(({ column }) => column));
    bounds.push(...own.map(({ bounds }) => bounds));
  }
  return { names, columns, bounds, groups };
}

function isSingle(distribution: Distribution): boolean {
  if (distribution.kind === "categorical") {
    return distribution.choices.length < 2;
  }
  const { low, high, step } = distribution;
  return !(high > low) || (step !== null && high - low < step);
}

/** Values with the mean 0 and the variance 1; none if they do not vary. */
function standardize(values: readonly number[]): Float64Array | undefined {
  // Halved first: the difference of two finite numbers may be infinite.
  const scale = Math.max(...values.map(Math.abs)) || 1;
  const scaled = values.map((value) => value / scale);
  const mean = scaled.reduce((a, b) => a + b, 0) / scaled.length;
  const deviation = Math.sqrt(
    scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
      scaled.length,
  );
  if (!(deviation > 1e-15)) return undefined;
  return Float64Array.from(scaled, (value) => (value - mean) / deviation);
}
