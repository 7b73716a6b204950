import { brief, cannot } from "@unet/errors";
import { mersenne } from "pure-rand/generator/mersenne";
import type { Choice, Distribution } from "../distribution.ts";
import type { Study } from "../study.ts";
import { checkCount } from "./_check_count.ts";
import { checkSpace } from "./check_space.ts";
import { highestOf } from "./_numeric_range.ts";
import type { Sampler } from "./sampler.ts";

/** In which order a grid is gone over. */
export interface GridOptions {
  /**
   * The seed of the order, the same for all workers of a study, from 0; 0 by
   * default, as in Optuna.
   */
  readonly seed?: number;
}

/** The values to try of each parameter. */
export type Grid = Readonly<Record<string, readonly Choice[]>>;

/**
 * A sampler that tries every combination of given values once, in the order of
 * Optuna's for the same seed. The trial's place in it is noted on the trial
 * (`grid_id`), so that workers, Optuna's among them, divide the grid. When all
 * have been tried it begins again, unless the study is ended by `isExhausted`.
 *
 * @param grid The values by name.
 * @throws {RangeError} If a parameter has no values, or the seed is none.
 *
 * @example
 * ```ts
 * import { gridSampler } from "@unet/tune/sampling";
 * import { createRandom } from "@unet/random";
 * import type { Study } from "@unet/tune";
 * import { assertEquals } from "@std/assert";
 *
 * const study: Study = {
 *   id: 0, name: "example", directions: ["minimize"], trials: [],
 *   userAttributes: {}, systemAttributes: {},
 * };
 * const sampler = gridSampler({ batch: [8, 16, 32] });
 * const tried = [0, 1, 2].map((number) =>
 *   sampler.sample(
 *     study,
 *     { batch: { kind: "int", low: 8, high: 32, log: false, step: 8 } },
 *     { random: createRandom(0, number), number },
 *   ).params.batch as number
 * );
 * assertEquals(tried.sort((a, b) => a - b), [8, 16, 32]);
 * ```
 */
export function gridSampler(grid: Grid, options: GridOptions = {}): Sampler {
  const { seed = 0 } = options;
  checkCount("option", "seed", seed, 0);
  const names = Object.keys(grid).sort();
  const sorted = Object.fromEntries(names.map((name) => [name, grid[name]!]));
  for (const name of names) {
    if (grid[name]!.length > 0) continue;
    throw new RangeError(cannot("use grid for", "parameter", name, {
      found: "no values",
      expected: "one or more",
    }));
  }
  const points = shuffleAsNumPy(
    names.reduce<Choice[][]>(
      (points, name) =>
        points.flatMap((point) =>
          grid[name]!.map((value) => [...point, value])
        ),
      [[]],
    ),
    seed,
  );

  return {
    sample(study, space, { random, number }) {
      checkSpace(space);
      checkGrid(sorted, space);
      const free = unvisited(study, sorted, points.length, number);
      const place = number < points.length
        ? number
        : free.length > 0
        ? free[random.integer(0, free.length - 1)]!
        : random.integer(0, points.length - 1);
      const point = points[place]!;
      return {
        params: Object.fromEntries(names.map((name, at) => [name, point[at]!])),
        systemAttributes: { search_space: sorted, grid_id: place },
      };
    },
    isExhausted: (study) =>
      unvisited(study, sorted, points.length).length === 0,
  };
}

/**
 * Places of the grid that no trial took; if all are taken, those that no trial
 * finished.
 *
 * @param except A trial's number that is left out of account.
 */
function unvisited(
  study: Study,
  grid: Grid,
  count: number,
  except?: number,
): number[] {
  const finished = new Set<unknown>(), running = new Set<unknown>();
  for (const { number, state, systemAttributes } of study.trials) {
    const { grid_id: place, search_space: space } = systemAttributes;
    if (number === except || !isSameGrid(space, grid)) continue;
    if (state === "running") running.add(place);
    else if (state !== "waiting") finished.add(place);
  }
  const unfinished = Array.from({ length: count }, (_, place) => place)
    .filter((place) => !finished.has(place));
  const free = unfinished.filter((place) => !running.has(place));
  return free.length > 0 ? free : unfinished;
}

function isSameGrid(found: unknown, grid: Grid): boolean {
  if (typeof found !== "object" || found === null) return false;
  const other = found as Record<string, unknown>;
  const names = Object.keys(grid);
  return Object.keys(other).length === names.length &&
    names.every((name) => {
      const values = other[name];
      return Array.isArray(values) && values.length === grid[name]!.length &&
        grid[name]!.every((value, at) => Object.is(value, values[at]));
    });
}

function checkGrid(
  grid: Grid,
  space: Readonly<Record<string, Distribution>>,
): void {
  const fail = (name: string, found: string, expected: string): never => {
    throw new RangeError(
      cannot("use grid for", "parameter", name, { found, expected }),
    );
  };
  for (const name of Object.keys(space)) {
    if (!Object.hasOwn(grid, name)) fail(name, "no values", "one or more");
  }
  for (const [name, values] of Object.entries(grid)) {
    const distribution = Object.hasOwn(space, name) ? space[name]! : null;
    if (distribution === null) {
      return fail(name, "no such parameter", Object.keys(space).join(", "));
    }
    const outside = values.find((value) => !contains(distribution, value));
    if (outside !== undefined) {
      fail(name, `value ${brief(outside)}`, "values of its range");
    }
  }
}

function contains(distribution: Distribution, value: Choice): boolean {
  if (distribution.kind === "categorical") {
    return distribution.choices.includes(value);
  }
  const { kind, low, step } = distribution;
  if (typeof value !== "number") return false;
  if (!(value >= low && value <= highestOf(distribution))) return false;
  if (kind === "int" && !Number.isInteger(value)) return false;
  if (step === null) return true;
  const steps = (value - low) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-8;
}

/** NumPy's shuffle of a list under its older generator, which Optuna uses. */
function shuffleAsNumPy<T>(items: T[], seed: number): T[] {
  const generator = mersenne(seed);
  for (let last = items.length - 1; last > 0; last--) {
    const mask = 2 ** Math.ceil(Math.log2(last + 1)) - 1;
    let other: number;
    do other = (generator.next() & mask) >>> 0; while (other > last);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
