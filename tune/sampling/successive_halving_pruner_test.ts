import { assertEquals, assertThrows } from "@std/assert";
import { readFixture, studyOf, trialOf } from "./fixtures/read_fixture.ts";
import { replayPruner, type StoredRun } from "./fixtures/replay_pruner.ts";
import { successiveHalvingPruner } from "./successive_halving_pruner.ts";

const runs = readFixture("pruners.json") as StoredRun[];

for (const run of runs.filter(({ kind }) => kind === "halving")) {
  const title = `successiveHalvingPruner(${JSON.stringify(run.options)})`;
  Deno.test(`${title} prunes as Optuna's and leaves the same rungs, to ${run.direction}`, () => {
    const { ends, rungs } = run;
    const found = replayPruner(successiveHalvingPruner(run.options), run);
    assertEquals(found, { ends, rungs });
  });
}

Deno.test("successiveHalvingPruner() passes several rungs in one step, and those noted before not again", () => {
  const pruner = successiveHalvingPruner({
    minimalResource: 1,
    reductionFactor: 2,
  });
  const late = {
    state: "running",
    intermediateValues: new Map([[4, 3]]),
  } as const;
  assertEquals(pruner.shouldPrune(studyOf([]), trialOf(0, late)), {
    prune: false,
    systemAttributes: {
      completed_rung_0: 3,
      completed_rung_1: 3,
      completed_rung_2: 3,
    },
  });
  const known = { ...late, systemAttributes: { completed_rung_0: 9 } };
  assertEquals(
    Object.keys(
      pruner.shouldPrune(studyOf([]), trialOf(0, known)).systemAttributes,
    ),
    ["completed_rung_1", "completed_rung_2"],
  );
});

Deno.test("successiveHalvingPruner() refuses options that it cannot use", () => {
  const refused = [
    [{ minimalResource: 0 }, 'option "minimalResource": found 0'],
    [{ reductionFactor: 1 }, "expected a whole number from 2"],
    [{ minimalEarlyStoppingRate: -1 }, "minimalEarlyStoppingRate"],
    [{ bootstrapCount: -1 }, "bootstrapCount"],
    [
      { bootstrapCount: 1 },
      'found 1 with minimalResource "auto", expected 0, or a number',
    ],
  ] as const;
  for (const [options, message] of refused) {
    assertThrows(() => successiveHalvingPruner(options), RangeError, message);
  }
});
