import { assertEquals, assertThrows } from "@std/assert";
import { classTarget, unlabeled } from "./class_target.ts";

const labels = (...numbers: number[]) => ({
  width: numbers.length,
  height: 1,
  data: Uint32Array.from(numbers),
});

Deno.test("classTarget() is one in the channel of each pixel's class", () => {
  assertEquals(
    [...classTarget(labels(0, 1, 1), { classes: 2 })],
    [1, 0, 0, 1, 0, 1],
  );
});

Deno.test("classTarget() is zero in all channels where nobody gave a class", () => {
  assertEquals([...classTarget(labels(unlabeled), { classes: 4 })], [
    ...[0, 0, 0, 0],
  ]);
});

Deno.test("classTarget() refuses a number that no class has", () => {
  for (const number of [2, 255, unlabeled - 1]) {
    assertThrows(
      () => classTarget(labels(0, number), { classes: 2 }),
      RangeError,
      `found number ${number}, expected 0 to 1`,
    );
  }
});
