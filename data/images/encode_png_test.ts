import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { decodeImage } from "./decode_image.ts";
import { encodePng } from "./encode_png.ts";
import type { Image } from "../types.ts";

Deno.test("encodePng() makes what decodeImage() reads back, value for value", async () => {
  const images = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1 as const, 3 as const, 4 as const),
    depth: fc.constantFrom(8 as const, 16 as const),
    seed: fc.integer({ min: 1, max: 1 << 20 }),
  });
  await fc.assert(
    fc.asyncProperty(images, async (drawn) => {
      const { width, height, channels, depth, seed } = drawn;
      const length = width * height * channels;
      const data = new (depth === 8 ? Uint8Array : Uint16Array)(length);
      data.forEach((_, index) => data[index] = (index * 40503 + seed) * 31);
      const image: Image = { width, height, channels, depth, data };
      assertEquals(await decodeImage(await encodePng(image), "a.png"), image);
    }),
    { numRuns: 60 },
  );
});

Deno.test("encodePng() refuses floats and a wrong number of values", async () => {
  await assertRejects(
    () =>
      encodePng({
        width: 1,
        height: 1,
        channels: 1,
        depth: 32,
        data: new Float32Array(1),
      }),
    TypeError,
    "Cannot encode image as PNG: found floats, expected 8 or 16 bits",
  );
  await assertRejects(
    () =>
      encodePng({
        width: 2,
        height: 2,
        channels: 3,
        depth: 8,
        data: new Uint8Array(4),
      }),
    RangeError,
    "found 4 values, expected 12 for 2×2 with 3 channels",
  );
});
