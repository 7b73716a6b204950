import { assertEquals } from "@std/assert";
import { isObject } from "./json_object.ts";

Deno.test("isObject() takes neither lists nor null nor what is no object", () => {
  assertEquals([{}, { a: 1 }].map(isObject), [true, true]);
  assertEquals([[], null, undefined, "a", 1].some(isObject), false);
});
