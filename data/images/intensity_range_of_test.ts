import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readerOf } from "../fixtures/reader_of.ts";
import { intensityRangeOf } from "./intensity_range_of.ts";
import { intensityRange, toRgb8 } from "./rgb8.ts";
import type { Image } from "../types.ts";

function draw(
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  depth: 8 | 16 | 32,
  value: (at: number) => number,
): Image {
  const length = width * height * channels;
  const values = Array.from({ length }, (_, at) => value(at));
  const data = depth === 8
    ? Uint8Array.from(values)
    : depth === 16
    ? Uint16Array.from(values)
    : Float32Array.from(values);
  return { width, height, channels, depth, data };
}

Deno.test("intensityRangeOf() gives exactly what intensityRange() gives for the whole", async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 1, max: 600 }),
    fc.constantFrom(1 as const, 3 as const, 4 as const),
    fc.constantFrom(8 as const, 16 as const, 32 as const),
    fc.nat(1000),
    fc.constantFrom(20, 130, 250, 60000),
    async (width, height, channels, depth, seed, most) => {
      const image = draw(
        width,
        height,
        channels,
        depth,
        (at) =>
          depth === 32 && at % 31 === 0
            ? NaN
            : ((at + seed) * 7919 % 10007) / 10007 * most -
              (depth === 32 ? most / 3 : 0),
      );
      assertEquals(
        await intensityRangeOf(readerOf(image)),
        intensityRange(image),
      );
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

Deno.test("intensityRangeOf() reads no more of a bright image than it must", async () => {
  const image = draw(5000, 1000, 1, 8, () => 200);
  const reader = readerOf(image);
  assertEquals(await intensityRangeOf(reader), { low: 0, high: 255 });
  assertEquals(reader.windows.length, 1);
});

Deno.test("intensityRangeOf() does not count NaN, and toRgb8() makes it black", async () => {
  const image = draw(4, 1, 1, 32, (at) => [NaN, 2, 4, Infinity][at]!);
  const range = await intensityRangeOf(readerOf(image));
  assertEquals(range, { low: 2, high: 4 });
  assertEquals(
    [...toRgb8(image, range).data].filter((_, at) => at % 3 === 0),
    [0, 0, 255, 255],
  );
});

Deno.test("intensityRangeOf() gives 0 to 0 where no value is a number", async () => {
  const image = draw(3, 2, 1, 32, () => NaN);
  assertEquals(await intensityRangeOf(readerOf(image)), { low: 0, high: 0 });
});

Deno.test("intensityRangeOf() never reads more than a megapixel at once", async () => {
  const reader = readerOf(draw(9000, 700, 1, 8, (at) => at % 100));
  await intensityRangeOf(reader);
  assert(reader.windows.every(([, , w, h]) => w * h <= 2 ** 20));
  const pixels = reader.windows.reduce((sum, [, , w, h]) => sum + w * h, 0);
  assertEquals(pixels, 9000 * 700);
});
