import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { TrainingError } from "@unet/errors";
import fixture from "../fixtures/learning_rate_range.json" with {
  type: "json",
};
import {
  hasDiverged,
  rangeTestPoints,
  rangeTestRates,
  smoothLosses,
  suggestLearningRate,
} from "./learning_rate_range.ts";

const { minimum, maximum, rates, losses, smoothed } = fixture;

Deno.test("rangeTestRates() equals NumPy's geomspace", () => {
  const actual = rangeTestRates({ minimum, maximum, steps: rates.length });
  actual.forEach((rate, i) =>
    assertAlmostEquals(rate, rates[i]!, 1e-12 * rates[i]!)
  );
});

Deno.test("smoothLosses() equals the corrected exponential mean of the script", () => {
  smoothLosses(losses).forEach((loss, i) =>
    assertAlmostEquals(loss, smoothed[i]!, 1e-12)
  );
});

Deno.test("smoothLosses() leaves a constant as it is, and losses with keep 0", () => {
  for (const loss of smoothLosses([0.3, 0.3, 0.3, 0.3])) {
    assertAlmostEquals(loss, 0.3, 1e-12);
  }
  assertEquals(smoothLosses([3, 1, 2], 0), [3, 1, 2]);
  assertEquals(smoothLosses([]), []);
});

Deno.test("suggestLearningRate() equals NumPy's steepest gradient and lowest loss", () => {
  const suggestion = suggestLearningRate(rangeTestPoints(rates, losses));
  assertEquals(suggestion, {
    steepest: fixture.steepest,
    tenthOfLowest: fixture.minimumLossRate / 10,
  });
});

Deno.test("suggestLearningRate() passes over losses that are not finite", () => {
  const points = rangeTestPoints(
    [...rates, 2, 3],
    [...losses, Infinity, NaN],
  );
  assertEquals(
    suggestLearningRate(points),
    suggestLearningRate(rangeTestPoints(rates, losses)),
  );
});

Deno.test("suggestLearningRate() throws when the loss never falls or there is too little", () => {
  const rising = rangeTestPoints(rates, rates.map((_, i) => i));
  assertThrows(
    () => suggestLearningRate(rising),
    TrainingError,
    'Cannot suggest learning rate from "range test": found a loss that never falls',
  );
  for (const count of [0, 1, 7]) {
    assertThrows(
      () => suggestLearningRate(rangeTestPoints(rates, losses.slice(0, count))),
      TrainingError,
      `found ${count} ${
        count === 1 ? "step" : "steps"
      } with a finite loss, expected 9 or more`,
    );
  }
});

Deno.test("hasDiverged() stops at the factor and at what is not finite", () => {
  assertEquals(hasDiverged([]), false);
  assertEquals(hasDiverged([1, 0.5, 2]), false);
  assertEquals(hasDiverged([1, 0.5, 2.1]), true);
  assertEquals(hasDiverged([1, 0.5, 1.1], 2), true);
  assertEquals(hasDiverged([1, NaN]), true);
  assertEquals(hasDiverged([Infinity]), true);
});

Deno.test("rangeTestRates() and smoothLosses() throw when an option is out of range", () => {
  assertThrows(
    () => rangeTestRates({ minimum: 1, maximum: 0.1 }),
    RangeError,
    'Cannot use range test setting "maximum": found 0.1, expected a number above the minimum 1',
  );
  assertThrows(() => rangeTestRates({ minimum: 0 }), RangeError);
  assertThrows(() => rangeTestRates({ steps: 1 }), RangeError);
  assertThrows(() => smoothLosses([1], 1), RangeError, '"keep"');
  assertThrows(() => rangeTestPoints([1], [1, 2]), RangeError);
});
