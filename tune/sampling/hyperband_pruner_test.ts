import { assertEquals, assertThrows } from "@std/assert";
import { readFixture, studyOf, trialOf } from "./fixtures/read_fixture.ts";
import { replayPruner, type StoredRun } from "./fixtures/replay_pruner.ts";
import { hyperbandPruner } from "./hyperband_pruner.ts";

const runs = readFixture("pruners.json") as StoredRun[];

for (const run of runs.filter(({ kind }) => kind === "hyperband")) {
  const title = `hyperbandPruner(${JSON.stringify(run.options)})`;
  Deno.test(`${title} prunes as Optuna's and leaves the same rungs, to ${run.direction}`, () => {
    const { ends, rungs } = run;
    const found = replayPruner(hyperbandPruner(run.options), run);
    assertEquals(found, { ends, rungs });
  });
}

Deno.test("hyperbandPruner() prunes nothing before it knows how long trials are", () => {
  const running = trialOf(1, {
    state: "running",
    intermediateValues: new Map([[5, 1]]),
  });
  const study = studyOf([trialOf(0, { state: "pruned" }), running]);
  assertEquals(hyperbandPruner().shouldPrune(study, running), {
    prune: false,
    systemAttributes: {},
  });
});

Deno.test("hyperbandPruner() has one bracket when trials turn out shorter than its first rung", () => {
  const intermediateValues = new Map([[0, 1]]);
  const running = trialOf(1, { state: "running", intermediateValues });
  const study = studyOf([trialOf(0, { intermediateValues }), running]);
  const pruner = hyperbandPruner({ minimalResource: 5 });
  assertEquals(pruner.shouldPrune(study, running).prune, false);
});

Deno.test("hyperbandPruner() refuses options that it cannot use", () => {
  const refused = [
    [{ minimalResource: 0 }, "minimalResource"],
    [{ minimalResource: 3, maximalResource: 2 }, "a whole number from 3"],
    [{ maximalResource: 2.5 }, "maximalResource"],
    [{ reductionFactor: 1 }, "reductionFactor"],
    [{ bootstrapCount: -1 }, "bootstrapCount"],
    [{ bootstrapCount: 2 }, 'found 2 with maximalResource "auto"'],
  ] as const;
  for (const [options, message] of refused) {
    assertThrows(() => hyperbandPruner(options), RangeError, message);
  }
});
