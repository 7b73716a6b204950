import { assertEquals } from "@std/assert";
import { describeClassNumbers } from "./describe_class_numbers.ts";

const classesOf = (...values: readonly (number | string)[]) =>
  values.map((value, at) => ({ name: `c${at}`, value }));

Deno.test("describeClassNumbers() says which numbers differ, and nothing where none does", () => {
  assertEquals(describeClassNumbers(classesOf(0, 1, 2)), []);
  assertEquals(describeClassNumbers(classesOf("#000000", "#ff0000")), []);
  assertEquals(describeClassNumbers(classesOf(0, 1, 3)), [
    "Numbers in outputs: c0 0, c1 1, c2 2 (3 in masks)",
  ]);
  assertEquals(describeClassNumbers(classesOf(1, 0)), [
    "Numbers in outputs: c0 0 (1 in masks), c1 1 (0 in masks)",
  ]);
});
