import { assertEquals, assertThrows } from "@std/assert";
import { readFixture, studyOf, trialOf } from "./fixtures/read_fixture.ts";
import { replayPruner, type StoredRun } from "./fixtures/replay_pruner.ts";
import { medianPruner, percentilePruner } from "./percentile_pruner.ts";

const runs = readFixture("pruners.json") as StoredRun[];

for (const run of runs) {
  const { kind, options: { percentile, ...options }, direction } = run;
  if (kind !== "median" && kind !== "percentile") continue;
  const pruner = kind === "median"
    ? medianPruner(options)
    : percentilePruner(percentile!, options);
  const title = `${kind}Pruner(${JSON.stringify(run.options)})`;
  Deno.test(`${title} prunes what Optuna's prunes, to ${direction}`, () => {
    const { ends } = replayPruner(pruner, run);
    assertEquals(ends, run.ends);
  });
}

Deno.test("medianPruner() waits for the startup trials and a reported step", () => {
  const complete = [0.1, 0.2, 0.3, 0.4, 0.5].map((value, number) =>
    trialOf(number, { intermediateValues: new Map([[0, value]]) })
  );
  const bad = trialOf(9, {
    state: "running",
    intermediateValues: new Map([[0, 1]]),
  });
  const silent = trialOf(9, { state: "running" });
  const judge = (trials: typeof complete, trial: typeof bad) =>
    medianPruner().shouldPrune(studyOf(trials), trial).prune;
  assertEquals(judge(complete, bad), true);
  assertEquals(judge(complete, silent), false);
  assertEquals(judge(complete.slice(1), bad), false);
});

Deno.test("percentilePruner() refuses options and studies that it cannot use", () => {
  assertThrows(
    () => percentilePruner(-1),
    RangeError,
    'Cannot use option "percentile": found -1, expected 0 to 100',
  );
  assertThrows(() => percentilePruner(NaN), RangeError);
  assertThrows(
    () => medianPruner({ intervalSteps: 0 }),
    RangeError,
    'Cannot use option "intervalSteps": found 0, expected a whole number from 1',
  );
  for (const name of ["startupTrials", "warmupSteps", "minimalTrials"]) {
    assertThrows(() => medianPruner({ [name]: -1 }), RangeError, name);
    assertThrows(() => medianPruner({ [name]: 1.5 }), RangeError, name);
  }
  const study = studyOf([]);
  assertThrows(
    () =>
      medianPruner().shouldPrune(
        { ...study, directions: ["minimize", "maximize"] },
        trialOf(0),
      ),
    RangeError,
    'Cannot use a percentile pruner on study "example": found 2 directions, expected one',
  );
});
