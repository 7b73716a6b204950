import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  choiceAxis,
  extentOf,
  linearAxis,
  logAxis,
  parameterAxis,
} from "./_axis.ts";
import { trialOf } from "./fixtures/studies.ts";
import { valueExtent } from "./_value_extent.ts";
import type { Distribution } from "../distribution.ts";

const labelsOf = ({ ticks }: ReturnType<typeof linearAxis>) =>
  ticks.map(({ label }) => label);

Deno.test("logAxis() puts factors at even distances and marks powers of ten", () => {
  const axis = logAxis([1e-4, 1], [0, 400]);
  assertEquals(
    [1e-4, 1e-2, 1].map((value) => Math.round(axis.at(value)!)),
    [0, 200, 400],
  );
  assertEquals(labelsOf(axis), ["0.0001", "0.001", "0.01", "0.1", "1"]);
  assertEquals(labelsOf(logAxis([8, 512], [0, 1])), [
    ...["10", "20", "50", "100", "200", "500"],
  ]);
  assertEquals(labelsOf(logAxis([1e-8, 1e-5], [0, 1])), [
    ...["1e-8", "1e-7", "1e-6", "1e-5"],
  ]);
  assertEquals(axis.at(0), undefined);
});

Deno.test("linearAxis() puts values beyond its ends at them, and none at NaN", () => {
  const axis = linearAxis([0, 10], [100, 0]);
  assertEquals(
    [0, 5, 10, 99, -Infinity, NaN, null].map((value) => axis.at(value)),
    [100, 50, 0, 0, 100, undefined, undefined],
  );
});

Deno.test("linearAxis() marks whole numbers alone if asked to", () => {
  const ends = [0, 2] as const, range = [0, 100] as const;
  assertEquals(labelsOf(linearAxis(ends, range, { whole: true })), [
    ...["0", "1", "2"],
  ]);
  assertEquals(labelsOf(linearAxis([0, 2e6], range, { count: 2 })), [
    ...["0", "1M", "2M"],
  ]);
});

Deno.test("choiceAxis() distinguishes true from 1 and from text", () => {
  const axis = choiceAxis([true, 1, "1", null], [0, 80]);
  assertEquals(
    [true, 1, "1", null, false].map((value) => axis.at(value)),
    [10, 30, 50, 70, undefined],
  );
  assertEquals(labelsOf(axis), ["true", "1", "1", "null"]);
});

Deno.test("parameterAxis() spans what distributions allow, and more if trials do", () => {
  const distribution: Distribution = {
    ...{ kind: "float", low: 1, high: 9, log: false, step: null },
  };
  const trial = (value: number, of = distribution) =>
    trialOf(0, { params: { a: value }, distributions: { a: of } });
  const axis = parameterAxis("a", [trial(5)], [0, 80]);
  assertEquals([1, 5, 9].map((value) => axis.at(value)), [0, 40, 80]);
  const wider = parameterAxis("a", [trial(5), trial(17)], [0, 80]);
  assertEquals(wider.at(9), 40);
  const log = { ...distribution, low: 0.01, high: 1, log: true };
  assertAlmostEquals(
    parameterAxis("a", [trial(0.1, log)], [0, 80]).at(0.1)!,
    40,
    1e-9,
  );
});

Deno.test("parameterAxis() lists choices, and values of no distribution", () => {
  const trials = [
    trialOf(0, {
      params: { a: "x" },
      distributions: { a: { kind: "categorical", choices: ["w", "x"] } },
    }),
    trialOf(1, { params: { a: 7 } }),
  ];
  assertEquals(labelsOf(parameterAxis("a", trials, [0, 1])), ["w", "x", "7"]);
});

Deno.test("every axis has marks and places within its range", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(number, number, fc.boolean(), (a, b, whole) => {
      const [low, high] = extentOf([a / 4, b / 4]);
      const axes = [linearAxis([low, high], [10, 90], { whole })];
      if (low > 1e-300) axes.push(logAxis([low, high], [10, 90]));
      for (const axis of axes) {
        assert(axis.ticks.length < 25);
        const places = [...axis.ticks.map(({ at }) => at), axis.at(low)!];
        assert(places.every((at) => at >= 10 - 1e-6 && at <= 90 + 1e-6));
      }
    }),
  );
});

Deno.test("valueExtent() leaves out what is far worse than all others", () => {
  const values = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 900, Infinity, NaN];
  const { ends, beyond } = valueExtent(values, "minimize");
  assertEquals(beyond, 1);
  assert(ends[0] < 1 && ends[1] > 1.6 && ends[1] < 2);
  // The same value is the best to maximize.
  assertEquals(valueExtent(values, "maximize").beyond, 0);
  assert(valueExtent(values, "maximize").ends[1] > 900);
});
