import { assertEquals } from "@std/assert";
import { sectionOf, wordStack } from "./stack_shape.ts";

Deno.test("wordStack() and sectionOf() word planes and time points", () => {
  assertEquals(wordStack({ axis: "plane", count: 1 }), "1 plane");
  assertEquals(wordStack({ axis: "time", count: 3 }), "3 time points");
  assertEquals([sectionOf("plane"), sectionOf("time")], [
    ...["section", "detection"],
  ]);
});
