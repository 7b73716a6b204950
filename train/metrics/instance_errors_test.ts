import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  addInstanceErrors,
  findInstanceErrors,
  noInstanceErrors,
} from "./instance_errors.ts";
import { matchInstances } from "./instance_scores.ts";

const rowOf = (...data: number[]) => ({
  width: data.length,
  height: 1,
  data: Uint32Array.from(data),
});
const { truth: none, prediction: noneFound } = noInstanceErrors;

Deno.test("findInstanceErrors() finds none in a prediction that equals the truth", () => {
  const labels = rowOf(1, 1, 0, 2, 2, 2);
  assertEquals(findInstanceErrors(labels, labels), noInstanceErrors);
});

Deno.test("findInstanceErrors() calls a true instance joined where a larger one takes the match", () => {
  const truth = rowOf(1, 1, 1, 1, 1, 2, 2);
  assertEquals(findInstanceErrors(truth, rowOf(4, 4, 4, 4, 4, 4, 4)), {
    truth: { ...none, joined: 1 },
    prediction: noneFound,
  });
});

Deno.test("findInstanceErrors() calls both pieces of a cut instance cut, and the matched one none", () => {
  const truth = rowOf(1, 1, 1, 1, 1, 1);
  assertEquals(findInstanceErrors(truth, rowOf(1, 1, 1, 2, 2, 0), 0.6), {
    truth: { ...none, cut: 1 },
    prediction: { ...noneFound, cut: 2 },
  });
  assertEquals(findInstanceErrors(truth, rowOf(1, 1, 1, 1, 2, 2), 0.6), {
    truth: none,
    prediction: { ...noneFound, cut: 1 },
  });
});

Deno.test("findInstanceErrors() distinguishes missed, false, and a wrong outline", () => {
  const truth = rowOf(1, 1, 1, 0, 0, 2, 2, 2, 2, 0, 0, 0);
  const prediction = rowOf(0, 0, 0, 5, 5, 0, 0, 7, 7, 7, 7, 0);
  // Half of each of 2 and 7 is covered: the outline is what differs.
  assertEquals(findInstanceErrors(truth, prediction), {
    truth: { ...none, missed: 1, outline: 1 },
    prediction: { ...noneFound, false: 1, outline: 1 },
  });
});

Deno.test("findInstanceErrors() gives each instance without a match one kind", () => {
  const image = fc.array(fc.nat(6), { minLength: 24, maxLength: 24 })
    .map((data) => ({ width: 6, height: 4, data: Uint32Array.from(data) }));
  const threshold = fc.constantFrom(0.1, 0.5, 0.75, 1);
  const sumOf = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((a, b) => a + b);
  fc.assert(
    fc.property(image, image, threshold, (truth, prediction, threshold) => {
      const errors = findInstanceErrors(truth, prediction, threshold);
      const counts = matchInstances(truth, prediction, threshold);
      assertEquals(sumOf(errors.truth), counts.falseNegative);
      assertEquals(sumOf(errors.prediction), counts.falsePositive);
      // Seen from the other side, what is missed is false.
      const { joined, cut, missed } = errors.truth;
      if (joined + cut > 0) return;
      const other = findInstanceErrors(prediction, truth, threshold).prediction;
      if (other.joined + other.cut > 0) return;
      assertEquals(other.false, missed);
    }),
  );
});

Deno.test("findInstanceErrors() refuses other sizes, and thresholds out of range", () => {
  assertThrows(
    () => findInstanceErrors(rowOf(1), rowOf(1, 2)),
    RangeError,
    'Cannot match instances of size "2×1": found 2 pixels, expected 1×1',
  );
  for (const threshold of [0, 1.5, NaN]) {
    assertThrows(
      () => findInstanceErrors(rowOf(1), rowOf(1), threshold),
      RangeError,
      `Cannot compare instances: found threshold ${threshold}, expected a number above 0 and at most 1`,
    );
  }
});

Deno.test("addInstanceErrors() adds kind by kind", () => {
  const errors = {
    truth: { joined: 1, cut: 2, missed: 3, outline: 4 },
    prediction: { joined: 5, cut: 6, false: 7, outline: 8 },
  };
  assertEquals(addInstanceErrors(errors, noInstanceErrors), errors);
  assertEquals(addInstanceErrors(errors, errors), {
    truth: { joined: 2, cut: 4, missed: 6, outline: 8 },
    prediction: { joined: 10, cut: 12, false: 14, outline: 16 },
  });
});
