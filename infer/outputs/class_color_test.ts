import { assert, assertEquals } from "@std/assert";
import { classColor, classStyles } from "./class_color.ts";

Deno.test("classColor() gives all classes of a class map colors that differ", () => {
  const colors = Array.from({ length: 256 }, (_, at) => classColor(at));
  assertEquals(new Set(colors.map(String)).size, 256);
  for (const value of colors.flat()) {
    assert(Number.isInteger(value) && value >= 0 && value <= 255);
  }
});

Deno.test("classColor() starts with black and the seven colors of Okabe and Ito", () => {
  const hex = Array.from(
    { length: 8 },
    (_, at) => Uint8Array.from(classColor(at)).toHex(),
  );
  assertEquals(hex, [
    ...["000000", "e69f00", "56b4e9", "009e73"],
    ...["f0e442", "0072b2", "d55e00", "cc79a7"],
  ]);
});

Deno.test("classStyles() goes by position, not by name", () => {
  assertEquals(classStyles(["b", "a"]), [
    { name: "b", color: classColor(0) },
    { name: "a", color: classColor(1) },
  ]);
});
