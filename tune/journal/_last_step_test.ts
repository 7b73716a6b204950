import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { lastStep } from "./_last_step.ts";

Deno.test("lastStep() counts steps on decimal digits", () => {
  // Made by Optuna's FloatDistribution(low, high, step=step).high.
  assertEquals(lastStep(0, 0.3, 0.1), 0.3);
  assertEquals(lastStep(0.1, 0.95, 0.2), 0.9);
  assertEquals(lastStep(0, 1, 0.3), 0.9);
  assertEquals(lastStep(1e-7, 1e-5, 3e-7), 1e-5);
  assertEquals(lastStep(-1, 1, 0.75), 0.5);
  assertEquals(lastStep(1, 1.5, 10), 1);
  assertEquals(lastStep(1, 1, 0.1), 1);
});

Deno.test("lastStep() is within one step of the upper bound, never above", () => {
  const whole = fc.integer({ min: -1e6, max: 1e6 });
  fc.assert(fc.property(
    whole,
    fc.nat(1e6),
    fc.integer({ min: 1, max: 1e6 }),
    fc.constantFrom(1, 10, 1000, 1e7),
    (low, length, step, unit) => {
      const last = lastStep(low / unit, (low + length) / unit, step / unit);
      assertEquals(Math.round(last * unit), low + length - length % step);
      assert(last <= (low + length) / unit);
    },
  ));
});
