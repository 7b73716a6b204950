import { assertEquals } from "@std/assert";
import { backgroundOf } from "./stored_mask.ts";

Deno.test("backgroundOf() compares colors by their channels, of 8 bits and of 16", () => {
  const keyOf = (base: number, ...channels: number[]) =>
    channels.reduce((key, channel) => key * base + channel, 0);
  const narrow = backgroundOf({ colorBits: 8 }, ["#ff0080"]);
  assertEquals(narrow.has(keyOf(256, 255, 0, 128)), true);
  assertEquals(narrow.has(keyOf(256, 255, 0, 127)), false);
  assertEquals(narrow.distance(keyOf(256, 250, 0, 121)), 7);
  const wide = backgroundOf({ colorBits: 16 }, ["#ff0080"]);
  assertEquals(wide.has(keyOf(65536, 65535, 0, 128 * 257)), true);
  assertEquals(wide.has(keyOf(65536, 255, 0, 128)), false);
  assertEquals(wide.distance(keyOf(65536, 65535, 9, 128 * 257)), 9);
});

Deno.test("backgroundOf() counts what is below 0 or no finite number as background", () => {
  for (const listed of [[0], [3, 5]]) {
    const { has } = backgroundOf({ colorBits: 0 }, listed);
    assertEquals([-1, NaN, Infinity].map(has), [true, true, true]);
  }
  const { has, distance } = backgroundOf({ colorBits: 0 }, [3, 5, "#070707"]);
  assertEquals([0, 3, 5, 7].map(has), [false, true, true, true]);
  assertEquals([0, 4, 20].map(distance), [3, 1, 13]);
});
