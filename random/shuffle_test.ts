import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { createRandom } from "./random.ts";
import { shuffle } from "./shuffle.ts";

Deno.test("shuffle() returns the same items and leaves the given order", () => {
  fc.assert(fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
    const given = [...items];
    const shuffled = shuffle(items, createRandom(seed));
    const byValue = (a: number, b: number): number => a - b;
    assertEquals(items, given);
    assertEquals(shuffled.sort(byValue), given.sort(byValue));
  }));
});

Deno.test("shuffle() gives the same order for the same source", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  assertEquals(
    shuffle(items, createRandom(1)),
    shuffle(items, createRandom(1)),
  );
  assert(
    String(shuffle(items, createRandom(1))) !==
      String(shuffle(items, createRandom(2))),
  );
});

Deno.test("shuffle() gives each of the 24 orders of 4 items as often", () => {
  const counts = new Map<string, number>();
  const random = createRandom(3), total = 48_000;
  for (let i = 0; i < total; i++) {
    const order = String(shuffle([0, 1, 2, 3], random));
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  let chiSquare = 0;
  for (const count of counts.values()) {
    chiSquare += (count - total / 24) ** 2 / (total / 24);
  }
  // 23 degrees of freedom exceed 49.7 once in a thousand seeds.
  assertLess(chiSquare, 49.7);
});

Deno.test("shuffle() takes no items, one item, and holes", () => {
  const random = createRandom(0);
  assertEquals(shuffle([], random), []);
  assertEquals(shuffle(["a"], random), ["a"]);
  assertEquals(shuffle([undefined, undefined], random).length, 2);
});
