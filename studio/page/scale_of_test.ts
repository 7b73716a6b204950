import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { scaleOf } from "./scale_of.ts";

Deno.test("scaleOf() takes round lengths in the unit that reads best", () => {
  assertEquals(scaleOf(1), { length: 100, words: "100 µm" });
  assertEquals(scaleOf(2).words, "50 µm");
  assertEquals(scaleOf(0.01).words, "10 mm");
  assertEquals(scaleOf(1000).words, "100 nm");
});

Deno.test("scaleOf() gives a bar of 64 to 160 pixels at any zoom", () => {
  fc.assert(
    fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (power) => {
      const { length } = scaleOf(10 ** power);
      assert(length > 63.9 && length < 160.1, String(length));
    }),
  );
});
