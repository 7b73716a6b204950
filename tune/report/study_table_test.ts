import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { anyStudy } from "./fixtures/any_study.ts";
import { studyOf, trialOf } from "./fixtures/studies.ts";
import {
  countStates,
  describeStudy,
  describeTrial,
  studyTable,
} from "./study_table.ts";

const started = new Date("2026-01-02T03:04:05Z");
const after = (seconds: number) => new Date(started.getTime() + 1000 * seconds);

const study = studyOf([
  trialOf(0, {
    ...{ values: [0.81234567], params: { rate: 0.000031, batch: 16 } },
    ...{ started, completed: after(12.34) },
  }),
  trialOf(1, {
    ...{ values: [0.9], params: { rate: 0.4, batch: 8 } },
    ...{ started, completed: after(245) },
  }),
  trialOf(2, {
    ...{ state: "pruned", params: { rate: 1, norm: true }, started },
    intermediateValues: new Map([[2, 0.5], [1, 0.7]]),
    completed: after(7200),
  }),
  trialOf(3, { params: { rate: 0.1 } }),
  trialOf(4, { state: "running", params: { rate: 0.2, loss: null }, started }),
], { systemAttributes: { "study:metric_names": ["F1"] } });

Deno.test("studyTable() has a row per trial, with empty cells for what is not there", () => {
  assertEquals(studyTable(study), [
    ["Trial", "", "State", "F1", "rate", "batch", "norm", "loss", "Time"],
    ["0", "", "complete", "0.8123", "3.1e-5", "16", "", "", "12.3 s"],
    ["1", "*", "complete", "0.9", "0.4", "8", "", "", "4 min 5 s"],
    ["2", "", "pruned", "0.5", "1", "", "true", "", "2 h"],
    ["3", "", "failed", "", "0.1", "", "", "", ""],
    ["4", "", "running", "", "0.2", "", "", "null", ""],
  ]);
});

Deno.test("studyTable() keeps the best in sight where rows are limited", () => {
  const rows = studyTable(study, { most: 2 });
  assertEquals(rows.slice(1).map(([number]) => number), ["1", "3", "4"]);
  assertEquals(
    studyTable(study, { most: 4 }).slice(1).map(([number]) => number),
    ["1", "2", "3", "4"],
  );
});

Deno.test("studyTable() numbers the values of several objectives", () => {
  const trials = [trialOf(0, { values: [1, Infinity] })];
  const found = studyTable(
    studyOf(trials, { directions: ["minimize", "maximize"] }),
  );
  assertEquals(found, [
    ["Trial", "", "State", "Value 0", "Value 1", "Time"],
    ["0", "*", "complete", "1", "∞", ""],
  ]);
});

Deno.test("studyTable() has rows of one length and of single lines for any study", () => {
  fc.assert(
    fc.property(anyStudy, (study) => {
      const rows = studyTable(study);
      assertEquals(rows.length, study.trials.length + 1);
      for (const row of rows) {
        assertEquals(row.length, rows[0]!.length);
        for (const cell of row) assertMatch(cell, /^[^\p{Cc}\u202e]{0,80}$/u);
      }
      for (const trial of study.trials) {
        assertMatch(describeTrial(study, trial), /^[^\p{Cc}\u202e]*$/u);
      }
      assertMatch(describeStudy(study), /^[^\p{Cc}]*$/u);
    }),
  );
});

Deno.test("describeTrial() gives state, value, time and parameters in one line", () => {
  assertEquals(
    study.trials.map((trial) => describeTrial(study, trial)),
    [
      "trial 0 complete: 0.8123, in 12.3 s (rate 3.1e-5, batch 16)",
      "trial 1 complete: 0.9, best so far, in 4 min 5 s (rate 0.4, batch 8)",
      "trial 2 pruned: 0.5, in 2 h (rate 1, norm true)",
      "trial 3 failed (rate 0.1)",
      "trial 4 running (rate 0.2, loss null)",
    ],
  );
});

Deno.test("describeStudy() counts states and names the best", () => {
  assertEquals(
    describeStudy(study),
    "5 trials: 2 complete, 1 pruned, 1 failed, 1 running; best 0.9 (trial 1)",
  );
  assertEquals(
    describeStudy(studyOf([trialOf(0)])),
    "1 trial: 1 failed; no value yet",
  );
  assertEquals(
    describeStudy(studyOf(
      [trialOf(0, { values: [1, 2] }), trialOf(1, { values: [2, 1] })],
      { directions: ["maximize", "maximize"] },
    )),
    "2 trials: 2 complete; 2 not beaten by any other",
  );
});

Deno.test("countStates() leaves out states without trials", () => {
  assertEquals(countStates(study.trials), [
    ["complete", 2],
    ["pruned", 1],
    ["failed", 1],
    ["running", 1],
  ]);
});
