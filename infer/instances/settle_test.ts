import { assertEquals, assertThrows } from "@std/assert";
import { settle } from "./settle.ts";

Deno.test("settle() fills defaults in, and keeps what is named", () => {
  const defaults = settle({});
  assertEquals(settle({ depth: 2 }), { ...defaults, depth: 2 });
  assertEquals(defaults.minimalArea, 20);
});

Deno.test("settle() refuses numbers out of their range", () => {
  for (
    const [options, found] of [
      [{ threshold: 1.5 }, "threshold 1.5"],
      [{ depth: -1 }, "depth -1"],
      [{ minimalArea: 0.5 }, "minimalArea 0.5"],
    ] as const
  ) {
    assertThrows(() => settle(options), RangeError, found);
  }
});
