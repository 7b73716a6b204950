import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  addTotals,
  noTotals,
  summarizeTotals,
  totalsOf,
} from "./instance_summary.ts";

const labels = (...data: number[]) => ({
  width: data.length,
  height: 1,
  data: Uint32Array.from(data),
});

Deno.test("summarizeTotals() scores instances of several images together", () => {
  const right = totalsOf(labels(1, 1, 0, 2, 2), labels(3, 3, 0, 1, 1));
  const missed = totalsOf(labels(1, 1, 0, 0), labels(0, 0, 0, 5));
  const one = summarizeTotals(right);
  assertAlmostEquals(one.f1, 1);
  assertAlmostEquals(one.meanAveragePrecision, 1);
  const both = summarizeTotals(addTotals(right, missed));
  // Two found, one missed, one too many: 2·2 / (2·2 + 1 + 1).
  assertAlmostEquals(both.f1, 2 / 3);
  assertEquals(both.errors.truth.missed, 1);
  assertEquals(both.errors.prediction.false, 1);
  assertEquals(addTotals(noTotals, right), right);
});
