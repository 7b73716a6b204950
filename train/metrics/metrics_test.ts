import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fixture from "../fixtures/metrics.json" with { type: "json" };
import {
  countPixels,
  f1,
  iou,
  noPixels,
  type PixelCounts,
  precision,
  recall,
} from "./metrics.ts";

const scores = { f1, iou, precision, recall };
const { probabilities, target, images } = fixture;
const size = target.length / images;
const cases = [
  { name: "all images", expected: fixture.all, start: 0, end: target.length },
  ...fixture.perImage.map((expected, i) => ({
    name: `image ${i}`,
    expected,
    start: i * size,
    end: (i + 1) * size,
  })),
];

for (const { name, expected, start, end } of cases) {
  const own = [probabilities, target].map((values) => values.slice(start, end));
  const counts = countPixels(own[0]!, own[1]!);
  for (const [metric, score] of Object.entries(scores)) {
    const { zeroDivision0, zeroDivision1 } = expected[metric as "f1"];
    Deno.test(`${metric}() equals scikit-learn's on ${name}`, () => {
      assertAlmostEquals(score(counts, 0), zeroDivision0, 1e-12);
      assertAlmostEquals(score(counts, 1), zeroDivision1, 1e-12);
    });
  }
}

Deno.test("countPixels() counts logits above 0 as it counts probabilities above 0.5", () => {
  const logits = probabilities.map((p) => Math.log(p / (1 - p)));
  assertEquals(
    countPixels(logits, target, 0),
    countPixels(probabilities, target),
  );
});

Deno.test("countPixels() takes a prediction on the threshold and a NaN for background", () => {
  assertEquals(countPixels([0.5, NaN, 0.51], [1, 1, 1]), {
    ...noPixels,
    truePositive: 1,
    falseNegative: 2,
  });
});

Deno.test("countPixels() counts every pixel once", () => {
  const counts = countPixels(probabilities, target);
  const all = Object.values(counts).reduce((sum, count) => sum + count);
  assertEquals(all, target.length);
});

Deno.test("countPixels() throws when the lengths differ", () => {
  assertThrows(
    () => countPixels([1, 0], [1]),
    RangeError,
    'Cannot count pixels of "prediction": found 2 of them, expected 1, as in the target',
  );
});

const table: [string, PixelCounts, Record<keyof typeof scores, number>][] = [
  [
    "both masks are empty",
    { ...noPixels, trueNegative: 9 },
    { f1: 1, iou: 1, precision: 1, recall: 1 },
  ],
  [
    "only the target is empty",
    { ...noPixels, falsePositive: 9 },
    { f1: 0, iou: 0, precision: 0, recall: 0 },
  ],
  [
    "only the prediction is empty",
    { ...noPixels, falseNegative: 9 },
    { f1: 0, iou: 0, precision: 0, recall: 0 },
  ],
];
for (const [when, counts, expected] of table) {
  Deno.test(`f1(), iou(), precision() and recall() are ${expected.f1} when ${when}`, () => {
    assertEquals(
      {
        f1: f1(counts),
        iou: iou(counts),
        precision: precision(counts),
        recall: recall(counts),
      },
      expected,
    );
  });
}

Deno.test("countPixels() leaves out what is not labeled", () => {
  assertEquals(countPixels([1, 1, 0, 0], [1, -1, -1, 0]), {
    ...{ truePositive: 1, falsePositive: 0 },
    ...{ falseNegative: 0, trueNegative: 1 },
  });
});
