import { assertEquals } from "@std/assert";
import { classColor } from "./class_color.ts";
import { classNumbersOf } from "./class_numbers.ts";

Deno.test("classNumbersOf() gives back all 256 numbers from their colors", () => {
  const numbers = Uint8Array.from({ length: 256 }, (_, at) => 255 - at);
  const colors = [...numbers].flatMap((number) => classColor(number));
  assertEquals(classNumbersOf(Uint8Array.from(colors), 256), numbers);
});

Deno.test("classNumbersOf() gives nothing for colors of other classes, or of none", () => {
  assertEquals(classNumbersOf([...classColor(2)], 2), undefined);
  assertEquals(classNumbersOf([...classColor(0), 9, 9, 9], 3), undefined);
  assertEquals(classNumbersOf([], 3), new Uint8Array());
});
