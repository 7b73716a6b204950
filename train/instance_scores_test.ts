import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Labels } from "@unet/data";
import fc from "fast-check";
import fixture from "./fixtures/instances.json" with { type: "json" };
import {
  addInstances,
  averagePrecision,
  type InstanceCounts,
  instanceF1,
  matchInstances,
  noInstances,
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

for (const { name, truth, prediction, ...expected } of fixture.cases) {
  Deno.test(`matchInstances() equals StarDist's assignment by brute force: ${name}`, () => {
    const { width, height } = fixture;
    const counts = matchInstances(
      labelsOf(width, height, truth),
      labelsOf(width, height, prediction),
    );
    assertEquals(counts, expected.counts);
    assertAlmostEquals(averagePrecision(counts), expected.averagePrecision);
    assertAlmostEquals(instanceF1(counts), expected.f1);
  });
}

Deno.test("matchInstances() takes an overlap above one half, and none of one half", () => {
  const truth = rowOf(1, 1, 1, 1, 0);
  const found = (prediction: Labels): number =>
    matchInstances(truth, prediction).truePositive;
  assertEquals(found(rowOf(2, 2, 2, 0, 0)), 1);
  assertEquals(found(rowOf(2, 2, 0, 0, 0)), 0);
  assertEquals(found(rowOf(0, 2, 2, 2, 2)), 1);
  // Two halves of it, either of which might match.
  assertEquals(matchInstances(truth, rowOf(2, 2, 3, 3, 0)), {
    truePositive: 0,
    falsePositive: 2,
    falseNegative: 1,
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
    });
  }));
});

Deno.test("matchInstances() finds each instance in the same labels, and counts every one once", () => {
  fc.assert(fc.property(pairs, ({ truth, prediction }) => {
    assertEquals(matchInstances(truth, truth), {
      truePositive: countOf(truth),
      falsePositive: 0,
      falseNegative: 0,
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
  assertEquals(
    matchInstances(
      { width: size, height: size, data: truth },
      { width: size, height: size, data: prediction },
    ),
    { truePositive: half, falsePositive: half, falseNegative: half },
  );
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

Deno.test("averagePrecision() and instanceF1() are 1 where there is nothing at all", () => {
  const empty = rowOf(0, 0);
  assertEquals(matchInstances(empty, empty), noInstances);
  assertEquals(averagePrecision(noInstances), 1);
  assertEquals(instanceF1(noInstances), 1);
});

Deno.test("averagePrecision() and instanceF1() go together, from 0 to 1", () => {
  const count = fc.nat({ max: 1000 });
  const counts = fc.record({
    truePositive: count,
    falsePositive: count,
    falseNegative: count,
  });
  fc.assert(fc.property(counts, (counts) => {
    const score = averagePrecision(counts);
    assertAlmostEquals(instanceF1(counts), 2 * score / (1 + score), 1e-12);
  }));
});

Deno.test("addInstances() adds each count", () => {
  const a: InstanceCounts = {
    truePositive: 1,
    falsePositive: 20,
    falseNegative: 300,
  };
  assertEquals(addInstances(a, { ...a, truePositive: 5 }), {
    truePositive: 6,
    falsePositive: 40,
    falseNegative: 600,
  });
  assertEquals(addInstances(a, noInstances), a);
});
