import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import { drawScale, scalesFor, typicalScales } from "./scales.ts";

Deno.test("scalesFor() keeps objects within 9 to 70 pixels, and scale 1", () => {
  const ranges = fc.record({
    low: fc.double({ min: 0.1, max: 1, noNaN: true }),
    high: fc.double({ min: 1, max: 8, noNaN: true }),
  });
  const diameters = fc.double({ min: 1, max: 500, noNaN: true });
  fc.assert(fc.property(ranges, diameters, (range, diameter) => {
    const { low, high } = scalesFor(range, diameter);
    assert(low >= range.low && low <= 1 && high >= 1 && high <= range.high);
    if (low < 1) assert(low * diameter >= 9 - 1e-9);
    if (high > 1) assert(high * diameter <= 70 + 1e-9);
  }));
});

Deno.test("scalesFor() leaves the range as it is when an image has no objects", () => {
  const range = { low: 0.4, high: 2.5 };
  assertEquals(scalesFor(range, undefined), range);
});

Deno.test("scalesFor() refuses a range without 1 in it, or of no numbers", () => {
  for (
    const [low, high] of [[1.2, 2], [0.2, 0.9], [0, 2], [NaN, 2], [
      0.5,
      Infinity,
    ]]
  ) {
    assertThrows(
      () => scalesFor({ low: low!, high: high! }, 20),
      RangeError,
      "with 1 in it",
    );
  }
});

Deno.test("drawScale() gives 1 to a quarter of the tiles and spreads the rest log-uniformly", () => {
  const random = createRandom(3), range = { low: 0.4, high: 2.5 };
  const drawn = Array.from({ length: 20000 }, () => drawScale(random, range));
  const others = drawn.filter((scale) => scale !== 1);
  assertAlmostEquals(1 - others.length / drawn.length, 0.25, 0.01);
  for (const share of [0.1, 0.5, 0.9]) {
    const scale = 0.4 * (2.5 / 0.4) ** share;
    const below = others.filter((one) => one < scale).length;
    assertAlmostEquals(below / others.length, share, 0.015);
  }
});

Deno.test("drawScale() takes as many draws for every image", () => {
  const [a, b] = [createRandom(5), createRandom(5)];
  drawScale(a, { low: 1, high: 1 });
  drawScale(b, { low: 0.4, high: 2.5 });
  assertEquals(a.next(), b.next());
});

Deno.test("typicalScales() has the share of scale 1 and the mean of what is drawn", () => {
  const range = { low: 0.5, high: 2.5 }, scales = typicalScales(range);
  assertEquals(scales.filter((one) => one === 1).length / scales.length, 0.25);
  const mean = (all: number[]) => all.reduce((a, b) => a + b) / all.length;
  const random = createRandom(9);
  const drawn = Array.from({ length: 20000 }, () => drawScale(random, range));
  assertAlmostEquals(mean(scales), mean(drawn), 0.02);
});
