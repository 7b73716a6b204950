import { assert, assertEquals } from "@std/assert";
import { areaOfClass, sizeClassOf } from "./size_class.ts";

Deno.test("sizeClassOf() puts every area between the limits of its class", () => {
  for (let area = 1; area < 1e9; area = Math.ceil(area * 1.01)) {
    const sizeClass = sizeClassOf(area);
    const rounding = 1 + 1e-9;
    assert(areaOfClass(sizeClass) <= area * rounding, `${area}`);
    assert(area < areaOfClass(sizeClass + 1) * rounding, `${area}`);
  }
});

Deno.test("sizeClassOf() begins a class at each power of two", () => {
  for (let power = 0; power <= 40; power++) {
    assertEquals(sizeClassOf(2 ** power), 4 * power);
    assertEquals(areaOfClass(4 * power), 2 ** power);
  }
});

Deno.test("sizeClassOf() puts the smallest area of a class into it", () => {
  for (let sizeClass = 0; sizeClass <= 160; sizeClass++) {
    assertEquals(sizeClassOf(areaOfClass(sizeClass)), sizeClass);
  }
});
