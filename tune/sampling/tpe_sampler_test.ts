import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import type { Choice, Space } from "../distribution.ts";
import type { Trial } from "../study.ts";
import { anySpace, isWithin } from "./fixtures/any_space.ts";
import {
  readFixture,
  studyOf,
  trialOf,
  trialsFrom,
} from "./fixtures/read_fixture.ts";
import { randomSampler } from "./random_sampler.ts";
import { tpeSampler } from "./tpe_sampler.ts";

const x: Space = {
  x: { kind: "float", low: 0, high: 1, log: false, step: null },
};

/** Trials that drew evenly, valued by a function of their parameters. */
function drawnTrials(
  space: Space,
  count: number,
  valueOf: (params: Trial["params"]) => number,
): Trial[] {
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(5, number);
    const { params } = randomSampler()
      .sample(studyOf([]), space, { random, number });
    const values = [valueOf(params)];
    return trialOf(number, { params, values, distributions: space });
  });
}

for (const row of readFixture("proposals.json")) {
  const { multivariate, direction, space, drawn } = row;
  Deno.test(`tpeSampler({ multivariate: ${multivariate} }) proposes what Optuna proposes, as often`, () => {
    const study = studyOf(trialsFrom(row.trials, space), direction);
    const sampler = tpeSampler({ multivariate });
    const params = Array.from(
      { length: 600 },
      (_, seed) =>
        sampler.sample(study, space, {
          random: createRandom(seed),
          number: study.trials.length,
        }).params,
    );
    for (const [name, expected] of Object.entries<number[]>(drawn)) {
      const found = params.map((params) => {
        const { choices } = space[name];
        return choices ? choices.indexOf(params[name]) : params[name] as number;
      });
      // Kolmogorov and Smirnov's distance, at a level of one in a thousand.
      const below = (values: number[], bound: number) =>
        values.filter((value) => value <= bound).length / values.length;
      const distance = Math.max(
        ...expected.map((bound) =>
          Math.abs(below(found, bound * (1 + 1e-3)) - below(expected, bound))
        ),
      );
      const bound = 1.95 * Math.sqrt(1 / found.length + 1 / expected.length);
      assert(distance < bound, `${name}: ${distance}, at most ${bound}`);
    }
  });
}

Deno.test("tpeSampler() proposes values of the space, the same for the same stream and history", () => {
  fc.assert(
    fc.property(
      anySpace,
      fc.integer(),
      fc.boolean(),
      (space, seed, multivariate) => {
        const trials = drawnTrials(
          space,
          14,
          (params) =>
            Object.values(params).reduce<number>(
              (sum, value) => sum + (typeof value === "number" ? value : 1),
              0,
            ),
        );
        const draw = () =>
          tpeSampler({ multivariate }).sample(studyOf(trials), space, {
            random: createRandom(seed),
            number: 14,
          }).params;
        const params = draw();
        assertEquals(Object.keys(params), Object.keys(space));
        for (const [name, distribution] of Object.entries(space)) {
          assert(isWithin(distribution, params[name]!), `${params[name]}`);
        }
        assertEquals(draw(), params);
      },
    ),
  );
});

/** The mean of what is proposed for `x`. */
function meanProposal(
  trials: readonly Trial[],
  options: Parameters<typeof tpeSampler>[0] = {},
  study = studyOf(trials),
): number {
  const count = 40;
  const found = Array.from(
    { length: count },
    (_, seed) =>
      tpeSampler(options).sample(study, x, {
        random: createRandom(seed),
        number: 1000,
      }).params.x as number,
  );
  return found.reduce((sum, value) => sum + value / count, 0);
}

Deno.test("tpeSampler() seeks small values or large ones by the direction", () => {
  const trials = drawnTrials(x, 60, ({ x }) => x as number);
  assert(meanProposal(trials) < 0.15);
  assert(meanProposal(trials, {}, studyOf(trials, "maximize")) > 0.85);
});

Deno.test("tpeSampler() draws at random until the startup trials have finished", () => {
  const trials = drawnTrials(x, 12, ({ x }) => x as number);
  const alike = (trials: readonly Trial[]) => {
    const options = { random: createRandom(1), number: 99 };
    const study = studyOf(trials);
    const { params } = tpeSampler().sample(study, x, options);
    const random = randomSampler()
      .sample(study, x, { ...options, random: createRandom(1) });
    return params.x === random.params.x;
  };
  assertEquals(alike(trials.slice(0, 9)), true);
  assertEquals(alike(trials.slice(0, 10)), false);
  const failed = trials.map((trial) => ({
    ...trial,
    state: "failed" as const,
  }));
  assertEquals(alike(failed), true);
  const waiting = trials.map((trial) => ({
    ...trial,
    state: "waiting" as const,
  }));
  assertEquals(alike(waiting), true);
  const undefinedValue = trials.map((trial) => ({ ...trial, values: [NaN] }));
  assertEquals(alike(undefinedValue), true);
});

Deno.test("tpeSampler() learns from pruned trials by how far and how well they came", () => {
  const trials = drawnTrials(x, 60, () => 0).map((trial) => ({
    ...trial,
    state: "pruned" as const,
    values: null,
    intermediateValues: new Map([[
      (trial.params.x as number) > 0.8 ? 9 : 2,
      0,
    ]]),
  }));
  assert(meanProposal(trials) > 0.8);
});

Deno.test("tpeSampler() keeps away from running trials, unless constantLiar is off", () => {
  const trials = drawnTrials(x, 60, ({ x }) => x as number);
  const running = Array.from({ length: 60 }, (_, at) =>
    trialOf(100 + at, {
      state: "running",
      params: { x: 0.002 * at },
      distributions: x,
    }));
  const all = [...trials, ...running];
  assert(meanProposal(all) > 2 * meanProposal(trials));
  assertEquals(
    meanProposal(all, { constantLiar: false }),
    meanProposal(trials),
  );
  // Optuna shares what a trial will take, in pieces, before it takes it.
  const shared = running.map((trial) => ({
    ...trial,
    params: {},
    systemAttributes: {
      "tpe:relative_params:0": '{"x": ',
      "tpe:relative_params:1": `${trial.params.x}}`,
    },
  }));
  assertEquals(meanProposal([...trials, ...shared]), meanProposal(all));
  const torn = shared.map((trial) => ({
    ...trial,
    systemAttributes: { "tpe:relative_params:0": '{"x": ' },
  }));
  assertEquals(meanProposal([...trials, ...torn]), meanProposal(trials));
});

Deno.test("tpeSampler() learns a parameter that some trials lack, or drew otherwise, from those that fit", () => {
  const space: Space = {
    ...x,
    c: { kind: "categorical", choices: ["a", "b"] },
  };
  const trials = drawnTrials(space, 80, ({ x }) => x as number);
  const odd: Partial<Trial>[] = [
    { params: { x: "text" }, distributions: {} },
    { params: {}, distributions: {} },
    { params: { x: 0.5, c: "gone" }, distributions: {} },
    { params: { x: NaN, c: null }, distributions: {} },
  ];
  const all = [
    ...trials,
    ...odd.map((given, at) => trialOf(80 + at, { values: [0], ...given })),
  ];
  const found: Choice[] = Array.from(
    { length: 30 },
    (_, seed) =>
      tpeSampler().sample(studyOf(all), space, {
        random: createRandom(seed),
        number: 90,
      }).params.x!,
  );
  assert(found.every((value) => (value as number) < 0.5));
});

Deno.test("tpeSampler() finds a combination that no parameter shows alone, when multivariate", () => {
  const space: Space = { ...x, y: x.x! };
  const distance = ({ x, y }: Trial["params"]) =>
    Math.abs((x as number) - (y as number));
  const trials = drawnTrials(space, 200, distance);
  const mean = (multivariate: boolean) => {
    const found = Array.from({ length: 60 }, (_, seed) =>
      distance(
        tpeSampler({ multivariate }).sample(studyOf(trials), space, {
          random: createRandom(seed),
          number: 200,
        }).params,
      ));
    return found.reduce((sum, value) => sum + value / 60, 0);
  };
  assert(mean(true) < 0.05 && mean(false) > 0.15);
});

Deno.test("tpeSampler() refuses options, studies and spaces that it cannot use", () => {
  assertThrows(() => tpeSampler({ candidates: 0 }), RangeError, "candidates");
  assertThrows(
    () => tpeSampler({ startupTrials: -1 }),
    RangeError,
    "startupTrials",
  );
  const options = { random: createRandom(0), number: 0 };
  const study = studyOf([]);
  assertThrows(
    () =>
      tpeSampler().sample(
        { ...study, directions: ["minimize", "minimize"] },
        x,
        options,
      ),
    RangeError,
    'Cannot use TPE on study "example": found 2 directions, expected one',
  );
  assertThrows(
    () =>
      tpeSampler().sample(
        study,
        { n: { kind: "int", low: 2, high: 1, log: false, step: 1 } },
        options,
      ),
    RangeError,
    'Cannot sample parameter "n": found low 2 and high 1, expected low first',
  );
});
