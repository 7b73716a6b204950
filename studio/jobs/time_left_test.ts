import { assertAlmostEquals, assertEquals } from "@std/assert";
import { TimeLeft } from "./time_left.ts";

Deno.test("TimeLeft counts steps until an epoch was measured, which has a validation, too", () => {
  const time = new TimeLeft(10);
  time.step({ seconds: 2, batches: 5 });
  assertEquals(time.left(0.2), 98);
  time.step({ seconds: 4, batches: 5 });
  assertAlmostEquals(time.left(0.4), 9.6 * 11);
  time.epoch(30);
  time.step({ seconds: 2, batches: 5 });
  assertEquals([time.left(1), time.left(10), time.left(11)], [270, 0, 0]);
});
