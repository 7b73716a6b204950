import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { histogramBins } from "./histogram_bins.ts";

Deno.test("histogramBins() counts each finite value once, the largest in the last part", () => {
  assertEquals(histogramBins([0, 1, 2, 3, 4, NaN, Infinity], 2), {
    ...{ low: 0, high: 4, counts: [2, 3] },
  });
  const values = fc.array(fc.double({ noDefaultInfinity: true }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), (all, parts) => {
      const finite = all.filter(Number.isFinite).length;
      const bins = histogramBins(all, parts);
      if (finite === 0) return assertEquals(bins, null);
      assertEquals(bins!.counts.length, parts);
      assertEquals(bins!.counts.reduce((sum, count) => sum + count, 0), finite);
    }),
  );
});

Deno.test("histogramBins() takes a range of its own, and values that are all the same", () => {
  const range = { low: 10, high: 20 };
  assertEquals(histogramBins([9, 10, 14, 20, 21], 2, range)?.counts, [2, 1]);
  assertEquals(histogramBins([], 2, range)?.counts, [0, 0]);
  assertEquals(histogramBins([5, 5], 3)?.counts, [2, 0, 0]);
  assertEquals(histogramBins([NaN], 3), null);
});
