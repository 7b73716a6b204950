import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { anyStudy } from "./fixtures/any_study.ts";
import { optunaStudies } from "./fixtures/optuna_studies.ts";
import { studyOf, trialOf } from "./fixtures/studies.ts";
import { importances } from "./importances.ts";
import type { Distribution } from "../distribution.ts";
import type { Study, Trial } from "../study.ts";

const unit: Distribution = {
  ...{ kind: "float", low: 0, high: 1, log: false, step: null },
};

/** Complete trials on a grid of as many steps a side. */
function grid(
  steps: number,
  of: (a: number, b: number) => number,
): Trial[] {
  return Array.from({ length: steps * steps }, (_, number) => {
    const a = (number % steps + 0.5) / steps;
    const b = (Math.floor(number / steps) + 0.5) / steps;
    return trialOf(number, {
      values: [of(a, b)],
      params: { a, b },
      distributions: { a: unit, b: unit },
    });
  });
}

/** The mean over seeds, by name. */
function meanShares(study: Study, seeds: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (let seed = 0; seed < seeds; seed++) {
    for (const { name, share } of importances(study, { seed })) {
      sums.set(name, (sums.get(name) ?? 0) + share / seeds);
    }
  }
  return sums;
}

for (const { study, shares } of optunaStudies) {
  const { name, trials } = study;
  Deno.test(`importances() agrees with Optuna's fANOVA on ${trials.length} trials of "${name}"`, () => {
    const ours = meanShares(study, 8);
    assertEquals([...ours.keys()].sort(), Object.keys(shares).sort());
    for (const [name, [mean]] of Object.entries(shares)) {
      assertAlmostEquals(ours.get(name)!, mean, 0.025, name);
    }
    // The same ranking wherever Optuna's own seeds agree on it.
    const ranked = Object.entries(shares);
    for (const [a, [, least]] of ranked) {
      for (const [b, [, , most]] of ranked) {
        if (least > most) assertGreater(ours.get(a)!, ours.get(b)!);
      }
    }
  });
}

Deno.test("importances() finds the shares of variance of a sum", () => {
  const found = importances(studyOf(grid(12, (a, b) => a + 2 * b)));
  assertEquals(found.map(({ name }) => name), ["b", "a"]);
  assertAlmostEquals(found[0]!.share, 4 / 5, 0.02);
});

Deno.test("importances() is the same for either direction, and for scaled values", () => {
  const of = (a: number, b: number) => Math.sin(3 * a) + b * b;
  const study = studyOf(grid(6, of));
  const found = importances(study);
  assertEquals(importances(study), found);
  assertEquals(importances({ ...study, directions: ["minimize"] }), found);
  const scaled = importances(studyOf(grid(6, (a, b) => 8 * of(a, b))));
  scaled.forEach(({ share }, i) =>
    assertAlmostEquals(share, found[i]!.share, 1e-9)
  );
});

Deno.test("importances() uses only complete trials with finite values", () => {
  const study = studyOf(grid(5, (a) => a));
  const other = { params: { a: 0, b: 1 }, distributions: { a: unit, b: unit } };
  const found = importances({
    ...study,
    trials: [
      ...study.trials,
      trialOf(25, { ...other, state: "pruned", values: [9] }),
      trialOf(26, { ...other, state: "failed" }),
      trialOf(27, { ...other, values: [NaN] }),
      trialOf(28, { ...other, values: [-Infinity] }),
      trialOf(29, { state: "running", params: { a: 1 } }),
    ],
  });
  assertEquals(found, importances(study));
});

Deno.test("importances() leaves out what not all trials have, and a changed range", () => {
  const trials = grid(5, (a) => a).map((trial, i): Trial => ({
    ...trial,
    params: { ...trial.params, c: 0.5, ...i > 3 && { d: 1 } },
    distributions: {
      ...trial.distributions,
      c: { ...unit, high: i > 7 ? 1 : 2 },
      ...i > 3 && { d: unit },
    },
  }));
  const names = importances(studyOf(trials)).map(({ name }) => name);
  assertEquals(names.sort(), ["a", "b"]);
});

Deno.test("importances() gives 0 to a parameter with a single value", () => {
  const trials = grid(5, (a) => a).map((trial): Trial => ({
    ...trial,
    params: { ...trial.params, c: 3, d: "x" },
    distributions: {
      ...trial.distributions,
      c: { kind: "int", low: 3, high: 3, log: false, step: 1 },
      d: { kind: "categorical", choices: ["x"] },
    },
  }));
  const shares = importances(studyOf(trials));
  assertEquals(
    shares.filter(({ share }) => share === 0).map(({ name }) => name).sort(),
    ["c", "d"],
  );
});

Deno.test("importances() gives 0 to all where no value varies", () => {
  assertEquals(
    importances(studyOf(grid(4, () => 0.25))).map(({ share }) => share),
    [0, 0],
  );
});

Deno.test("importances() says nothing about fewer than two trials", () => {
  assertEquals(importances(studyOf([])), []);
  assertEquals(importances(studyOf(grid(1, (a) => a))), []);
});

Deno.test("importances() explains the objective that is asked for", () => {
  const trials = grid(6, (a) => a).map((trial): Trial => ({
    ...trial,
    values: [trial.values![0]!, Number(trial.params.b)],
  }));
  const study = studyOf(trials, { directions: ["minimize", "maximize"] });
  assertEquals(importances(study)[0]!.name, "a");
  assertEquals(importances(study, { objective: 1 })[0]!.name, "b");
  assertThrows(
    () => importances(study, { objective: 2 }),
    RangeError,
    'Cannot assess parameters of study "nuclei": found objective 2, expected one of 2, from 0',
  );
});

Deno.test("importances() takes a whole number of trees", () => {
  assertThrows(
    () => importances(studyOf([]), { trees: 0.5 }),
    RangeError,
    'Cannot assess parameters of study "nuclei": found 0.5 trees, expected a whole number from 1',
  );
});

Deno.test("importances() gives shares of 1 in order, or zeros, for any study", () => {
  fc.assert(
    fc.property(anyStudy, (study) => {
      const shares = importances(study, { trees: 4 }).map(({ share }) => share);
      assertEquals(shares, shares.toSorted((a, b) => b - a));
      assert(shares.every((share) => share >= 0));
      const sum = shares.reduce((a, b) => a + b, 0);
      assert(sum === 0 || Math.abs(sum - 1) < 1e-9);
    }),
    { numRuns: 200 },
  );
});
