import { assert, assertEquals, assertThrows } from "@std/assert";
import { curvesOf, isWellFormed, textsOf } from "../fixtures/read_chart.ts";
import { drawRangeTest } from "./draw_learning_rate_range.ts";
import { rangeTestPoints } from "./learning_rate_range.ts";

Deno.test("drawRangeTest() draws the rates by factors and marks the suggestions", () => {
  const points = rangeTestPoints([1e-3, 1e-2, 1e-1], [0.5, 0.5, 0.5]);
  const svg = drawRangeTest(points, {
    ...{ learningRate: 0.01, valley: 0.01, tenthOfLowest: 0.02 },
  });
  assertEquals(curvesOf(svg)[0]?.match(/[ML][\d.]+/g), ["M70", "L425", "L780"]);
  const texts = textsOf(svg);
  assert(texts.includes("valley: 1.0e-2"));
  assert(texts.includes("a tenth of the lowest loss's: 2.0e-2"));
  for (const tick of ["1e-3", "1e-2", "1e-1"]) assert(texts.includes(tick));
  assert(isWellFormed(svg));
});

Deno.test("drawRangeTest() cuts off a loss that blows up, and needs no suggestion", () => {
  const points = rangeTestPoints(
    [1e-4, 1e-3, 1e-2, 1e-1],
    [0.7, 0.5, 0.4, 1e30],
  ).map((point) => ({
    ...point,
    smoothedLoss: Math.min(point.smoothedLoss, 1),
  }));
  const svg = drawRangeTest(points);
  assert(textsOf(svg).includes("1.0") && !textsOf(svg).includes("1e+30"));
  assert(!svg.includes("stroke-dasharray"));
});

Deno.test("drawRangeTest() throws when there is nothing to draw", () => {
  assertThrows(() => drawRangeTest([]), RangeError, "range test");
});
