import { assert, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { rankSumSignificance } from "./rank_sum.ts";

Deno.test("rankSumSignificance() equals SciPy's mannwhitneyu(method='exact') up to its shuffles", () => {
  // scipy.stats.mannwhitneyu(a, b, method="exact").pvalue, SciPy 1.17.1
  const cases: [number[], number[], number][] = [
    [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.007936507936507936],
    [[1, 4, 6, 9, 11, 3.5], [2, 5, 8, 10, 12, 7], 0.48484848484848486],
    [[0.1, 0.9, 0.5], [0.2, 0.8, 0.4, 0.6], 1],
  ];
  for (const [a, b, expected] of cases) {
    const found = rankSumSignificance(a, b, createRandom(0));
    assert(Math.abs(found - expected) < 0.02, `${found}, ${expected}`);
  }
});

Deno.test("rankSumSignificance() of equal samples is 1", () => {
  assertEquals(rankSumSignificance([1, 1, 2], [1, 1, 2], createRandom(0)), 1);
});
