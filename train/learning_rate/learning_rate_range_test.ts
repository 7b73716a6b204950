import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { TrainingError } from "@unet/errors";
import { createRandom } from "@unet/random";
import fc from "fast-check";
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

Deno.test("suggestLearningRate() equals the script's valley and lowest loss", () => {
  const suggestion = suggestLearningRate(rangeTestPoints(rates, losses));
  const tenthOfLowest = fixture.minimumLossRate / 10;
  assertEquals(suggestion, {
    learningRate: Math.min(fixture.valley, tenthOfLowest),
    ...{ valley: fixture.valley, tenthOfLowest },
  });
});

/** A test's curve: flat, then falling over some decades, then rising. */
const curves = fc.record({
  /** Where the loss begins to fall, and to rise; as powers of ten. */
  falls: fc.double({ min: -4, max: -2, noNaN: true }),
  decades: fc.double({ min: 1, max: 2, noNaN: true }),
  height: fc.double({ min: 0.2, max: 2, noNaN: true }),
  floor: fc.double({ min: 0.05, max: 2, noNaN: true }),
  /** How much batches differ, as a share of the fall. */
  noise: fc.double({ min: 0, max: 0.2, noNaN: true }),
  isBounded: fc.boolean(),
  seed: fc.nat(1e6),
});

Deno.test("suggestLearningRate() lies on the descent, a factor of two before the loss rises", () => {
  fc.assert(
    fc.property(curves, (curve) => {
      const { falls, decades, height, floor, noise, isBounded, seed } = curve;
      const random = createRandom(seed), rises = falls + decades;
      const tried = rangeTestRates({ minimum: 1e-5, maximum: 10, steps: 120 });
      const measured = tried.map((rate) => {
        const at = Math.log10(rate);
        const fallen = Math.min(1, Math.max(0, (at - falls) / decades));
        const risen = Math.max(0, at - rises);
        return floor + height * (1 - fallen) +
          // Dice ends at a bound, cross entropy does not.
          (isBounded ? Math.min(height, height * risen) : 10 ** risen - 1) +
          noise * height * (random.next() - 0.5);
      });
      const stop = tried.findIndex((_, end) =>
        hasDiverged(smoothLosses(measured.slice(0, end + 1)))
      );
      const seen = stop < 0 ? measured : measured.slice(0, stop + 1);
      const { learningRate } = suggestLearningRate(
        rangeTestPoints(tried, seen),
      );
      const found = Math.log10(learningRate);
      const message = `${found}: ${JSON.stringify(curve)}`;
      assert(found > falls - 0.5, message);
      assert(found < rises - 0.3, message);
    }),
    { numRuns: 300 },
  );
});

Deno.test("suggestLearningRate() suggests nothing where batches only differ", () => {
  let suggested = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = createRandom(seed);
    const noise = rates.map(() => 0.7 + 0.1 * random.next());
    try {
      suggestLearningRate(rangeTestPoints(rates, noise));
      suggested++;
    } catch (error) {
      assert(error instanceof TrainingError);
    }
  }
  assert(suggested <= 2, `${suggested}`);
});

Deno.test("suggestLearningRate() scales with the rates, and does not depend on the loss' unit", () => {
  const { learningRate } = suggestLearningRate(rangeTestPoints(rates, losses));
  const scaled = suggestLearningRate(
    rangeTestPoints(
      rates.map((rate) => 100 * rate),
      losses.map((loss) => 7 * loss + 3),
    ),
  );
  assertAlmostEquals(scaled.learningRate / learningRate, 100, 1e-6);
});

Deno.test("suggestLearningRate() skips losses that are not finite", () => {
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
    'Cannot suggest learning rate from "range test": found a loss that falls by no more than 0.0, where batches differ by ',
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
