import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scaleOf } from "./scale_of.ts";

const learned = { low: 8, median: 20, high: 40 };

Deno.test("scaleOf() leaves images alone whose objects have a size that the network learned", () => {
  for (const diameter of [8, 20, 40]) {
    assertEquals(scaleOf(diameter, learned), 1);
  }
});

Deno.test("scaleOf() brings all other objects to a size that the network learned", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e4, noNaN: true }), (size) => {
      const seen = size * scaleOf(size, learned);
      assert(seen >= learned.low && seen <= learned.high);
      if (size < 8) assertAlmostEquals(seen, Math.sqrt(8 * 20));
      if (size > 40) assertAlmostEquals(seen, Math.sqrt(20 * 40));
    }),
  );
});
