import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { overBackground } from "./over_background.ts";

Deno.test("overBackground() leaves opaque colors as they are", () => {
  const pixels = new Uint32Array([0xff010203, 0xffffffff, 0xff000000]);
  assertEquals(
    [...overBackground(pixels, [9, 9, 9])],
    [1, 2, 3, 255, 255, 255, 0, 0, 0],
  );
});

Deno.test("overBackground() gives the background where nothing is", () => {
  assertEquals(
    [...overBackground(new Uint32Array(2), [10, 20, 30])],
    [10, 20, 30, 10, 20, 30],
  );
});

Deno.test("overBackground() mixes by the alpha, within a rounding", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(fc.property(byte, byte, byte, (alpha, color, back) => {
    // As Cairo premultiplies.
    const part = Math.round(color * alpha / 255);
    const pixel = ((alpha << 24) | (part << 16) | (part << 8) | part) >>> 0;
    const mixed = color * alpha / 255 + back * (255 - alpha) / 255;
    for (
      const value of overBackground(new Uint32Array([pixel]), [
        ...[back, back, back] as const,
      ])
    ) {
      if (Math.abs(value - mixed) > 1) throw new Error(`${value} ${mixed}`);
    }
  }));
});

Deno.test("overBackground() does not wrap around where colors exceed their alpha", () => {
  const [red] = overBackground(new Uint32Array([0x10ff0000]), [255, 255, 255]);
  assertEquals(red, 255);
});
