import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bestTrials } from "./best_trials.ts";
import { anyStudy } from "./fixtures/any_study.ts";
import { studyOf, trialOf } from "./fixtures/studies.ts";
import type { Direction } from "../study.ts";

const numbersOf = (...found: Parameters<typeof bestTrials>) =>
  bestTrials(...found).map(({ number }) => number);

function complete(...values: readonly (readonly number[])[]) {
  return values.map((values, number) => trialOf(number, { values }));
}

Deno.test("bestTrials() finds the first of the best, by direction", () => {
  const trials = complete([2], [3], [1], [3], [1]);
  assertEquals(numbersOf(studyOf(trials)), [1]);
  assertEquals(numbersOf(studyOf(trials, { directions: ["minimize"] })), [2]);
});

Deno.test("bestTrials() uses only complete trials without NaN", () => {
  const trials = [
    trialOf(0, { state: "pruned", values: [9] }),
    trialOf(1, { values: [NaN] }),
    trialOf(2, { state: "running" }),
    trialOf(3, { values: [0.5] }),
  ];
  assertEquals(numbersOf(studyOf(trials)), [3]);
  assertEquals(numbersOf(studyOf(trials.slice(0, 3))), []);
});

Deno.test("bestTrials() takes an infinite value as Optuna does", () => {
  assertEquals(numbersOf(studyOf(complete([1], [Infinity], [-Infinity]))), [1]);
  assertEquals(numbersOf(studyOf(complete([-Infinity]))), [0]);
});

Deno.test("bestTrials() skips what a constraint forbids", () => {
  const trials = [
    trialOf(0, { values: [3], systemAttributes: { constraints: [-1, 0.1] } }),
    trialOf(1, { values: [2], systemAttributes: { constraints: [0, -1] } }),
    trialOf(2, { values: [1] }),
  ];
  assertEquals(numbersOf(studyOf(trials)), [1]);
});

Deno.test("bestTrials() gives the Pareto front of several objectives", () => {
  const directions: Direction[] = ["maximize", "minimize"];
  const trials = complete([1, 1], [2, 2], [2, 3], [0, 5], [1, 1]);
  assertEquals(numbersOf(studyOf(trials, { directions })), [0, 1, 4]);
});

Deno.test("bestTrials() gives trials that none beats, if any has values", () => {
  fc.assert(
    fc.property(anyStudy, (study) => {
      const best = new Set(bestTrials(study));
      const signs = study.directions.map((each) =>
        each === "maximize" ? 1 : -1
      );
      const whole = study.trials.filter(({ state, values }) =>
        state === "complete" && !values!.some(Number.isNaN)
      );
      assertEquals(best.size > 0, whole.length > 0);
      for (const one of best) {
        for (const other of whole) {
          const gains = signs.map((sign, i) =>
            Math.sign(sign * other.values![i]! - sign * one.values![i]!) || 0
          );
          assert(gains.some((gain) => gain < 0) || !gains.includes(1));
        }
      }
    }),
  );
});
