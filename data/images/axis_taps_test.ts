import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { axisTaps } from "./axis_taps.ts";

const length = fc.integer({ min: 1, max: 60 });

Deno.test("axisTaps() weighs pixels of the axis alone, with a sum of 1", () => {
  fc.assert(fc.property(length, length, (from, to) => {
    for (const { first, weights } of axisTaps(from, to)) {
      assertEquals(first >= 0 && first + weights.length <= from, true);
      assertAlmostEquals(weights.reduce((sum, one) => sum + one, 0), 1, 1e-9);
    }
  }));
});

Deno.test("axisTaps() gives a part of the axis as it gives the whole", () => {
  fc.assert(fc.property(length, length, fc.nat(60), (from, to, place) => {
    const start = place % to;
    assertEquals(axisTaps(from, to, start), axisTaps(from, to).slice(start));
  }));
});

Deno.test("axisTaps() keeps an axis of the same length, and the mean of one that shrinks", () => {
  fc.assert(fc.property(length, length, (from, to) => {
    const values = Array.from({ length: from }, (_, at) => Math.sin(at * 9));
    const scaled = axisTaps(from, to).map(({ first, weights }) =>
      weights.reduce((sum, one, at) => sum + one * values[first + at]!, 0)
    );
    const mean = (of: number[]) => of.reduce((a, b) => a + b, 0) / of.length;
    if (to <= from) assertAlmostEquals(mean(scaled), mean(values), 1e-9);
    if (to === from) {
      scaled.forEach((value, at) => assertAlmostEquals(value, values[at]!));
    }
  }));
});
