import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { rescaled } from "./rescaled.ts";
import { resizeImage, resizeLabels } from "./resize.ts";
import { cropImage } from "./crop_image.ts";
import type { ImageReader } from "./image_reader.ts";
import type { Image } from "../types.ts";

const sides = fc.integer({ min: 1, max: 40 });
const images: fc.Arbitrary<Image> = fc.record({
  width: sides,
  height: sides,
  channels: fc.constantFrom(1, 2, 3),
  depth: fc.constantFrom(8 as const, 16 as const, 32 as const),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
}).map(({ width, height, channels, depth, seed }) => {
  const length = width * height * channels;
  const value = (at: number) => (at + 1) * seed % 251;
  const data = depth === 8
    ? Uint8Array.from({ length }, (_, at) => value(at))
    : depth === 16
    ? Uint16Array.from({ length }, (_, at) => 256 * value(at))
    : Float32Array.from({ length }, (_, at) => value(at) / 7);
  return { width, height, channels, depth, data };
});

/** A reader of an image in memory. */
function readerOf(image: Image): ImageReader {
  const { width, height, channels, depth } = image;
  return {
    ...{ path: "drawn", width, height, channels, depth, tiled: false },
    read: (x, y, width, height) =>
      Promise.resolve(cropImage(image, { x, y, width, height })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

Deno.test("resizeImage() gives the values of rescaled(), by which segment resamples", async () => {
  const cases = fc.tuple(images, sides, sides);
  await fc.assert(fc.asyncProperty(cases, async ([image, width, height]) => {
    const found = resizeImage(image, { width, height });
    await using reader = rescaled(readerOf(image), {
      x: width / image.width,
      y: height / image.height,
    });
    assertEquals([reader.width, reader.height], [width, height]);
    const expected = await reader.read(0, 0, width, height);
    if (image.depth === 32) {
      // rescaled() divides by the sum of the weights, for NaN may be left out.
      found.data.forEach((value, at) => {
        const other = expected.data[at]!;
        assertAlmostEquals(value, other, 2 ** -22 * Math.abs(other));
      });
    } else assertEquals(found.data, expected.data);
    assertEquals(found.channels, image.channels);
  }));
});

Deno.test("resizeImage() keeps the mean when both sides shrink by whole numbers", () => {
  const data = Float32Array.from({ length: 36 }, (_, at) => at * at % 17);
  const image: Image = { width: 6, height: 6, channels: 1, depth: 32, data };
  const mean = (values: Image["data"]) =>
    [...values].reduce((sum, value) => sum + value, 0) /
    values.length;
  const { data: small } = resizeImage(image, { width: 2, height: 3 });
  assertAlmostEquals(mean(small), mean(data), 1e-5);
});

Deno.test("resizeLabels() takes numbers that are there, and leaves labels of the same size as they are", () => {
  const grids = fc.record({ width: sides, height: sides, seed: sides });
  fc.assert(
    fc.property(
      grids,
      sides,
      sides,
      ({ width, height, seed }, columns, rows) => {
        const labels = {
          ...{ width, height },
          data: Uint32Array.from(
            { length: width * height },
            (_, at) => at * seed % 11 + 2 ** 31,
          ),
        };
        const found = resizeLabels(labels, { width: columns, height: rows });
        assertEquals(found.data.length, columns * rows);
        const known = new Set(labels.data);
        assert(found.data.every((number) => known.has(number)));
        assertEquals(resizeLabels(labels, labels), labels);
      },
    ),
  );
});

Deno.test("resizeLabels() keeps objects where their image is", () => {
  const width = 12, height = 8, data = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) data.fill(4, y * width + 4, y * width + 8);
  const { data: large } = resizeLabels({ width, height, data }, {
    ...{ width: 36, height: 24 },
  });
  const image: Image = {
    ...{ width, height, channels: 1, depth: 32 },
    data: Float32Array.from(data, (number) => number / 4),
  };
  const { data: seen } = resizeImage(image, { width: 36, height: 24 });
  for (const [at, value] of seen.entries()) {
    if (Math.abs(value - 0.5) > 0.01) {
      assertEquals(large[at]! > 0, value > 0.5, `${at}`);
    }
  }
});

Deno.test("resizeImage() and resizeLabels() refuse sizes that are no positive integers", () => {
  const labels = { width: 1, height: 1, data: new Uint32Array(1) };
  const data = new Uint8Array(1);
  const image: Image = { width: 1, height: 1, channels: 1, depth: 8, data };
  for (const width of [0, -1, 1.5, NaN]) {
    const size = { width, height: 2 };
    assertThrows(() => resizeImage(image, size), RangeError, "Cannot resize");
    assertThrows(() => resizeLabels(labels, size), RangeError, "Cannot resize");
  }
});
