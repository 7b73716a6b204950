import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { constant } from "./constant.ts";
import { cosine } from "./cosine.ts";
import { cosineAnnealingWarmRestarts } from "./cosine_annealing_warm_restarts.ts";
import { cyclicLR, type CyclicLROptions } from "./cyclic_lr.ts";
import fixture from "../fixtures/schedulers.json" with { type: "json" };
import type { Scheduler } from "./scheduler.ts";

/** The rates of the first steps. */
function ratesOf(
  scheduler: Scheduler,
  steps: number,
  stepsPerEpoch = 1,
): number[] {
  return Array.from(
    { length: steps },
    (_, step) => scheduler.at(step, stepsPerEpoch).learningRate,
  );
}

function assertAllClose(
  actual: readonly (number | undefined)[],
  expected: readonly number[],
): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((value, i) =>
    assertAlmostEquals(actual[i]!, value, 1e-12, `step ${i}: ${actual[i]}`)
  );
}

for (const { settings, rates, momenta } of fixture.cyclic) {
  Deno.test(`cyclicLR(${JSON.stringify(settings)}) equals PyTorch at every step`, () => {
    const scheduler = cyclicLR({
      baseLearningRate: 0.01,
      maxLearningRate: 0.4,
      ...settings as CyclicLROptions,
    });
    assertAllClose(ratesOf(scheduler, rates.length), rates);
    if (scheduler.settings.cycleMomentum) {
      assertAllClose(
        momenta.map((_, i) => scheduler.at(i, 1).momentum),
        momenta,
      );
    } else {
      assertEquals("momentum" in scheduler.at(3, 1), false);
    }
  });
}

for (const { rates, stepsPerEpoch, ...settings } of fixture.restarts) {
  Deno.test(`cosineAnnealingWarmRestarts(${JSON.stringify(settings)}) equals PyTorch at every step`, () => {
    const scheduler = cosineAnnealingWarmRestarts({
      maxLearningRate: 0.4,
      ...settings,
    });
    assertAllClose(ratesOf(scheduler, rates.length, stepsPerEpoch), rates);
  });
}

for (const { rates, stepsPerEpoch, ...settings } of fixture.cosine) {
  Deno.test(`cosine(${JSON.stringify(settings)}) equals PyTorch at every step`, () => {
    const scheduler = cosine({ maxLearningRate: 0.4, ...settings });
    assertAllClose(ratesOf(scheduler, rates.length, stepsPerEpoch), rates);
  });
}

Deno.test("cosine() stays at the lowest rate after its epochs", () => {
  const { at } = cosine({ epochs: 2, minLearningRate: 0.1 });
  assertEquals(at(20, 10).learningRate, 0.1);
  assertEquals(at(1000, 10).learningRate, 0.1);
});

Deno.test("cosineAnnealingWarmRestarts() restarts exactly, at any period", () => {
  // Where log(243, 3) comes out below 5, and PyTorch's is late.
  const { at } = cosineAnnealingWarmRestarts({
    firstPeriod: 1,
    periodFactor: 3,
  });
  assertEquals(at(121, 1).learningRate, 0.4);
  assert(at(120 * 7 + 6, 7).learningRate < 1e-3);
});

Deno.test("cosineAnnealingWarmRestarts() ends the report's 30 epochs at the lowest rate", () => {
  const rates = ratesOf(cosineAnnealingWarmRestarts(), 30 * 34 + 1, 34);
  assertEquals(rates.indexOf(0.4, 1), 10 * 34);
  assert(rates.at(-2)! < 1e-5);
  assertEquals(rates.at(-1), 0.4);
});

Deno.test("schedulers stay within their rates, and say the same when asked again", () => {
  const schedulers = [
    constant({ learningRate: 0.4 }),
    cosine({ epochs: 3.5 }),
    cosineAnnealingWarmRestarts({ firstPeriod: 3, periodFactor: 1 }),
    cosineAnnealingWarmRestarts({ minLearningRate: 0.05 }),
    cyclicLR({ stepSizeUp: 30, mode: "triangular2" }),
    cyclicLR({ stepSizeUp: 7, stepSizeDown: 3, mode: "exp_range", gamma: 0.9 }),
  ];
  fc.assert(fc.property(
    fc.constantFrom(...schedulers),
    fc.nat(1_000_000),
    fc.integer({ min: 1, max: 5000 }),
    ({ at }, step, stepsPerEpoch) => {
      const rate = at(step, stepsPerEpoch);
      assert(rate.learningRate >= 0 && rate.learningRate <= 0.4 + 1e-12);
      assert((rate.momentum ?? 0.8) >= 0.8 - 1e-12);
      assert((rate.momentum ?? 0.9) <= 0.9 + 1e-12);
      assertEquals(at(step, stepsPerEpoch), rate);
    },
  ));
});

Deno.test("schedulers list all their settings as JSON", () => {
  assertEquals(cyclicLR({ maxLearningRate: 0.5 }).settings, {
    maxLearningRate: 0.5,
    baseLearningRate: 0.05,
    stepSizeUp: 2000,
    stepSizeDown: 2000,
    mode: "triangular",
    gamma: 1,
    cycleMomentum: true,
    baseMomentum: 0.8,
    maxMomentum: 0.9,
  });
  assertEquals(cosineAnnealingWarmRestarts().settings, {
    maxLearningRate: 0.4,
    minLearningRate: 0,
    firstPeriod: 10,
    periodFactor: 2,
  });
});

Deno.test("schedulers throw when a setting is out of range", () => {
  assertThrows(
    () => cosineAnnealingWarmRestarts({ firstPeriod: 0 }),
    RangeError,
    'Cannot use warm-restarts setting "firstPeriod": found 0, expected a whole number from 1',
  );
  const wrong: (() => Scheduler)[] = [
    () => constant({ learningRate: -0.1 }),
    () => constant({ learningRate: NaN }),
    () => cosine({ epochs: 0 }),
    () => cosine({ epochs: 1, maxLearningRate: Infinity }),
    () => cosineAnnealingWarmRestarts({ periodFactor: 1.5 }),
    () => cosineAnnealingWarmRestarts({ minLearningRate: -1 }),
    () => cyclicLR({ stepSizeUp: 0 }),
    () => cyclicLR({ stepSizeDown: 2.5 }),
    () => cyclicLR({ mode: "square" as "triangular" }),
    () => cyclicLR({ gamma: 0 }),
    () => cyclicLR({ maxMomentum: 1 }),
    () => cyclicLR({ baseMomentum: -0.1 }),
  ];
  for (const make of wrong) assertThrows(make, RangeError, "setting");
});

Deno.test("schedulers throw at a step or an epoch that cannot be", () => {
  const schedulers = [
    constant({ learningRate: 1 }),
    cosine({ epochs: 1 }),
    cosineAnnealingWarmRestarts(),
    cyclicLR(),
  ];
  for (const { at } of schedulers) {
    for (const [step, perEpoch] of [[-1, 1], [0.5, 1], [0, 0], [0, 1.5]]) {
      assertThrows(() => at(step!, perEpoch!), RangeError);
    }
  }
});
