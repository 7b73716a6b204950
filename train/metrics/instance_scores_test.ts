import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Labels } from "@unet/data";
import fc from "fast-check";
import { aggregatedJaccard } from "./aggregated_jaccard.ts";
import fixture from "../fixtures/matching.json" with { type: "json" };
import {
  addInstances,
  type InstanceCounts,
  type InstanceScores,
  matchInstances,
  noInstances,
  scoreInstances,
} from "./instance_scores.ts";

function labelsOf(
  width: number,
  height: number,
  data: ArrayLike<number>,
): Labels {
  return { width, height, data: Uint32Array.from(data) };
}

/** A row of labels. */
function rowOf(...data: number[]): Labels {
  return labelsOf(data.length, 1, data);
}

/** Labels of the fixture, a byte each in base 64. */
function unpacked(text: string): Labels {
  const bytes = Uint8Array.from(atob(text), (value) => value.charCodeAt(0));
  return labelsOf(fixture.width, fixture.height, bytes);
}

/** StarDist's scores have single precision. */
function assertScores(
  actual: Partial<InstanceCounts & InstanceScores>,
  expected: Record<string, number>,
): void {
  for (const [name, value] of Object.entries(expected)) {
    assertAlmostEquals(
      actual[name as keyof InstanceScores]!,
      value,
      1e-6,
      name,
    );
  }
}

const cases = fixture.cases.map((each) => {
  const truth = unpacked(each.truth), prediction = unpacked(each.prediction);
  const counts = matchInstances(truth, prediction, fixture.thresholds);
  return { ...each, truth, prediction, counts };
});

for (const { name, truth, prediction, counts, matchings } of cases) {
  Deno.test(`matchInstances() and scoreInstances() equal StarDist's matching: ${name}`, () => {
    for (const [at, threshold] of fixture.thresholds.entries()) {
      const each = matchInstances(truth, prediction, threshold);
      assertEquals(counts[at], each);
      assertScores({ ...each, ...scoreInstances(each) }, matchings[at]!);
    }
  });
}

Deno.test("scoreInstances() of all counts equals StarDist's matching_dataset", () => {
  for (const [at, expected] of fixture.together.entries()) {
    const sum = cases.map(({ counts }) => counts[at]!)
      .reduce(addInstances, noInstances);
    assertScores({ ...sum, ...scoreInstances(sum) }, expected);
  }
});

Deno.test("scoreInstances() of each image, averaged, equals StarDist's by_image", () => {
  for (const [at, expected] of fixture.byImage.entries()) {
    const scores = cases.map(({ counts }) => scoreInstances(counts[at]!));
    const names = Object.keys(scores[0]!) as (keyof InstanceScores)[];
    for (const name of names) {
      const sum = scores.reduce((sum, each) => sum + each[name], 0);
      assertAlmostEquals(sum / cases.length, expected[name], 1e-6, name);
    }
  }
});

for (const { name, truth, prediction, ...expected } of cases) {
  Deno.test(`aggregatedJaccard() equals the paper's algorithm: ${name}`, () => {
    const actual = aggregatedJaccard(truth, prediction);
    assertAlmostEquals(actual, expected.aggregatedJaccard, 1e-12);
  });
}

Deno.test("matchInstances() takes an overlap of one half, once", () => {
  const truth = rowOf(1, 1, 1, 1, 0);
  const found = (prediction: Labels): number =>
    matchInstances(truth, prediction).truePositive;
  assertEquals(found(rowOf(2, 2, 2, 0, 0)), 1);
  assertEquals(found(rowOf(2, 2, 0, 0, 0)), 1);
  assertEquals(found(rowOf(0, 2, 0, 0, 0)), 0);
  // Two halves of it, either of which may match.
  assertEquals(matchInstances(truth, rowOf(2, 2, 3, 3, 0)), {
    truePositive: 1,
    falsePositive: 1,
    falseNegative: 0,
    iouSum: 0.5,
  });
});

/** Labels of a few instances, and what another makes of them. */
const pairs = fc.tuple(
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 8 }),
)
  .chain(([width, height]) => {
    const data = fc.array(fc.integer({ min: 0, max: 4 }), {
      minLength: width * height,
      maxLength: width * height,
    });
    return fc.tuple(data, data).map(([truth, prediction]) => ({
      truth: labelsOf(width, height, truth),
      prediction: labelsOf(width, height, prediction),
    }));
  });

function countOf({ data }: Labels): number {
  return new Set(data.filter((label) => label > 0)).size;
}

Deno.test("matchInstances() finds the same under other numbers, and the reverse the other way around", () => {
  const renamed = (labels: Labels): Labels => ({
    ...labels,
    data: labels.data.map((label) => label && 0xffffffff - 7 * label),
  });
  fc.assert(fc.property(pairs, ({ truth, prediction }) => {
    const counts = matchInstances(truth, prediction);
    assertEquals(matchInstances(renamed(truth), prediction), counts);
    assertEquals(matchInstances(truth, renamed(prediction)), counts);
    assertEquals(matchInstances(prediction, truth), {
      truePositive: counts.truePositive,
      falsePositive: counts.falseNegative,
      falseNegative: counts.falsePositive,
      iouSum: counts.iouSum,
    });
  }));
});

Deno.test("matchInstances() finds each instance in the same labels, and counts every one once", () => {
  fc.assert(fc.property(pairs, ({ truth, prediction }) => {
    assertEquals(matchInstances(truth, truth), {
      truePositive: countOf(truth),
      falsePositive: 0,
      falseNegative: 0,
      iouSum: countOf(truth),
    });
    const counts = matchInstances(truth, prediction);
    const { truePositive, falsePositive, falseNegative } = counts;
    assertEquals(truePositive + falseNegative, countOf(truth));
    assertEquals(truePositive + falsePositive, countOf(prediction));
  }));
});

Deno.test("matchInstances() matches a thousand instances on a megapixel", () => {
  const size = 1024, cell = 32, across = size / cell;
  const truth = new Uint32Array(size * size);
  const prediction = new Uint32Array(size * size);
  for (let pixel = 0; pixel < truth.length; pixel++) {
    const row = Math.floor(pixel / size), column = pixel % size;
    const [y, x] = [row % cell, column % cell];
    const index = across * Math.floor(row / cell) + Math.floor(column / cell);
    if (y >= 2 && x >= 2) truth[pixel] = 1 + index;
    // Every second one is too small to match.
    const start = index % 2 ? 16 : 4;
    if (y >= start && x >= 4) prediction[pixel] = 7 + 3 * index;
  }
  const half = across * across / 2;
  const { iouSum, ...counts } = matchInstances(
    { width: size, height: size, data: truth },
    { width: size, height: size, data: prediction },
  );
  assertEquals(counts, {
    truePositive: half,
    falsePositive: half,
    falseNegative: half,
  });
  assertAlmostEquals(iouSum, half * 28 ** 2 / 30 ** 2, 1e-9);
});

for (
  const [name, truth, prediction] of [
    ["another width", labelsOf(2, 3, Array(6)), labelsOf(3, 2, Array(6))],
    ["another height", labelsOf(2, 3, Array(6)), labelsOf(2, 2, Array(4))],
    ["fewer pixels", labelsOf(2, 3, Array(6)), labelsOf(2, 3, Array(5))],
  ] as const
) {
  Deno.test(`matchInstances() refuses a prediction of ${name}`, () => {
    const error = assertThrows(
      () => matchInstances(truth, prediction),
      RangeError,
    );
    const { width, height, data } = prediction;
    assertEquals(
      error.message,
      `Cannot match instances of size "${width}×${height}": found ` +
        `${data.length} pixels, expected 2×3, a label each`,
    );
  });
}

Deno.test("matchInstances() refuses a truth with other pixels than its size", () => {
  const short = labelsOf(2, 3, Array(5));
  assertThrows(() => matchInstances(short, short), RangeError, "5 pixels");
});

for (const threshold of [0, -0.5, 1.1, NaN]) {
  Deno.test(`matchInstances() refuses the threshold ${threshold}`, () => {
    assertThrows(
      () => matchInstances(rowOf(1), rowOf(1), threshold),
      RangeError,
      `found threshold ${threshold}, expected a number above 0 and at most 1`,
    );
  });
}

Deno.test("scoreInstances() is 0 where there is nothing, aggregatedJaccard() is 1", () => {
  const empty = rowOf(0, 0);
  assertEquals(matchInstances(empty, empty), noInstances);
  assertEquals(
    new Set(Object.values(scoreInstances(noInstances))),
    new Set([0]),
  );
  assertEquals(aggregatedJaccard(empty, empty), 1);
});

Deno.test("aggregatedJaccard() is 1 for the same labels alone", () => {
  fc.assert(fc.property(pairs, ({ truth, prediction }) => {
    assertEquals(aggregatedJaccard(truth, truth), 1);
    const score = aggregatedJaccard(truth, prediction);
    const counts = matchInstances(truth, prediction, 1);
    const isSame = counts.falsePositive + counts.falseNegative === 0;
    assertEquals(score === 1, isSame);
  }));
});

Deno.test("aggregatedJaccard() refuses labels of another size", () => {
  assertThrows(
    () => aggregatedJaccard(rowOf(1), rowOf(1, 1)),
    RangeError,
    "2×1",
  );
});

Deno.test("addInstances() adds each count", () => {
  const a: InstanceCounts = {
    truePositive: 1,
    falsePositive: 20,
    falseNegative: 300,
    iouSum: 0.5,
  };
  assertEquals(addInstances(a, { ...a, truePositive: 5 }), {
    truePositive: 6,
    falsePositive: 40,
    falseNegative: 600,
    iouSum: 1,
  });
  assertEquals(addInstances(a, noInstances), a);
});
