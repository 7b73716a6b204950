import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { largestReached } from "./_largest_reached.ts";

Deno.test("largestReached() counts steps on decimal digits", () => {
  // Made by Optuna's FloatDistribution(low, high, step=step).high.
  assertEquals(largestReached(0, 0.3, 0.1), 0.3);
  assertEquals(largestReached(0.1, 0.95, 0.2), 0.9);
  assertEquals(largestReached(0, 1, 0.3), 0.9);
  assertEquals(largestReached(1e-7, 1e-5, 3e-7), 1e-5);
  assertEquals(largestReached(-1, 1, 0.75), 0.5);
  assertEquals(largestReached(1, 1.5, 10), 1);
  assertEquals(largestReached(1, 1, 0.1), 1);
});

Deno.test("largestReached() is within one step of the upper bound, never above", () => {
  const whole = fc.integer({ min: -1e6, max: 1e6 });
  fc.assert(fc.property(
    whole,
    fc.nat(1e6),
    fc.integer({ min: 1, max: 1e6 }),
    fc.constantFrom(1, 10, 1000, 1e7),
    (low, length, step, unit) => {
      const last = largestReached(
        low / unit,
        (low + length) / unit,
        step / unit,
      );
      assertEquals(Math.round(last * unit), low + length - length % step);
      assert(last <= (low + length) / unit);
    },
  ));
});
