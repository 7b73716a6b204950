import { assertEquals } from "@std/assert";
import { sumClassCounts } from "./class_counts.ts";

Deno.test("sumClassCounts() adds up by name, whatever the order, and keeps classes without objects", () => {
  assertEquals(
    sumClassCounts([
      [{ name: "a", objects: 0 }, { name: "b", objects: 2 }],
      [],
      [{ name: "b", objects: 3 }, { name: "c", objects: 1 }],
    ]),
    [
      { name: "a", objects: 0 },
      { name: "b", objects: 5 },
      { name: "c", objects: 1 },
    ],
  );
  assertEquals(sumClassCounts([]), []);
});
