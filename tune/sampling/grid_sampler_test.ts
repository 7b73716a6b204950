import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "@unet/random";
import type { Space } from "../distribution.ts";
import type { Trial, TrialState } from "../study.ts";
import { readFixture, studyOf, trialOf } from "./fixtures/read_fixture.ts";
import { type Grid, gridSampler } from "./grid_sampler.ts";

const spaceOf = (grid: Grid): Space =>
  Object.fromEntries(
    Object.entries(grid).map((
      [name, choices],
    ) => [name, { kind: "categorical", choices }]),
  );
const grid = { a: ["x", "y"], b: [1, 2, 3] };
const space = spaceOf(grid);

/** A trial that holds a place of the grid. */
const holding = (number: number, state: TrialState, place: number): Trial =>
  trialOf(number, {
    state,
    systemAttributes: { grid_id: place, search_space: grid },
  });

const sampleAt = (number: number, trials: readonly Trial[], seed = 0) =>
  gridSampler(grid).sample(studyOf(trials), space, {
    random: createRandom(seed, number),
    number,
  });

Deno.test("gridSampler() goes over the grid in Optuna's order for the seed", () => {
  for (const { grid, seed, points } of readFixture("grids.json")) {
    const sampler = gridSampler(grid, { seed });
    points.forEach((point: Trial["params"], number: number) => {
      const { params, systemAttributes } = sampler.sample(
        studyOf([]),
        spaceOf(grid),
        { random: createRandom(0), number },
      );
      assertEquals(params, point);
      assertEquals(systemAttributes, { grid_id: number, search_space: grid });
    });
  }
});

Deno.test("gridSampler() takes what others left, later what runs, then begins again", () => {
  // Places 1 and 4 were never taken, since two trials were queued by hand.
  const trials = [0, 2, 3, 5].map((place) => holding(place, "complete", place));
  const places = (all: readonly Trial[]) =>
    new Set(
      Array.from({ length: 40 }, (_, seed) =>
        sampleAt(6, all, seed).systemAttributes.grid_id),
    );
  assertEquals(places(trials), new Set([1, 4]));
  const running = [
    ...trials,
    holding(6, "running", 1),
    holding(7, "failed", 4),
  ];
  // The trial that is sampled may be among them.
  assertEquals(places(running), new Set([1]));
  const rest = running.slice(0, 4).concat(
    holding(8, "running", 1),
    running[5]!,
  );
  assertEquals(places(rest), new Set([1]));
  const done = [...trials, holding(6, "pruned", 1), holding(7, "failed", 4)]
    .map((trial) => ({ ...trial, number: trial.number + 100 }));
  assertEquals(places(done).size, 6);
});

Deno.test("gridSampler() is exhausted when each place has a finished trial of this grid", () => {
  const sampler = gridSampler(grid);
  const all = [0, 1, 2, 3, 4, 5].map((place) =>
    holding(place, "complete", place)
  );
  assertEquals(sampler.isExhausted!(studyOf(all)), true);
  assertEquals(sampler.isExhausted!(studyOf(all.slice(1))), false);
  assertEquals(
    sampler.isExhausted!(studyOf([...all.slice(1), holding(0, "running", 0)])),
    false,
  );
  for (
    const search_space of [{ ...grid, b: [1, 2, 4] }, { a: grid.a }, null, 7]
  ) {
    const other = {
      ...all[0]!,
      systemAttributes: { grid_id: 0, search_space },
    };
    assertEquals(
      sampler.isExhausted!(studyOf([...all.slice(1), other])),
      false,
    );
  }
});

Deno.test("gridSampler() refuses grids that do not fit the space", () => {
  assertThrows(
    () => gridSampler({ a: [] }),
    RangeError,
    'Cannot use grid for parameter "a": found no values, expected one or more',
  );
  assertThrows(() => gridSampler(grid, { seed: -1 }), RangeError, "seed");
  const sample = (space: Space) =>
    gridSampler(grid).sample(studyOf([]), space, {
      random: createRandom(0),
      number: 0,
    });
  const { a, b } = space;
  const refused: [Space, string][] = [
    [{ a: a!, b: b!, c: a! }, 'parameter "c": found no values'],
    [
      { b: b! },
      'parameter "a": found no such parameter, expected b',
    ],
    [
      { a: a!, b: { kind: "int", low: 1, high: 2, log: false, step: 1 } },
      'parameter "b": found value 3, expected values of its range',
    ],
    [
      { a: a!, b: { kind: "float", low: 1, high: 3, log: false, step: 0.7 } },
      'parameter "b": found value 2',
    ],
    [
      { a: { kind: "float", low: 1, high: 3, log: false, step: null }, b: b! },
      'parameter "a": found value "x"',
    ],
  ];
  for (const [space, message] of refused) {
    assertThrows(() => sample(space), RangeError, message);
  }
  assert(sample(space).params.a !== undefined);
});
