import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { cropImage } from "./crop_image.ts";
import { readerOf } from "../fixtures/reader_of.ts";
import cases from "../fixtures/rescaled.json" with { type: "json" };
import { rescaled } from "./rescaled.ts";
import type { Image } from "../types.ts";

for (const one of cases) {
  Deno.test(`rescaled() gives the means that numpy gives: ${one.name}`, async () => {
    const { width, height } = one, channels = one.channels as 1 | 3;
    const data = new Uint16Array(one.data);
    const image: Image = { width, height, channels, depth: 16, data };
    const reader = rescaled(readerOf(image), {
      x: one.newWidth / width,
      y: one.newHeight / height,
    });
    assertEquals([reader.width, reader.height], [one.newWidth, one.newHeight]);
    const found = await reader.read(0, 0, one.newWidth, one.newHeight);
    for (const [at, value] of one.expected.entries()) {
      // A mean that ends with a half may be rounded either way.
      assert(Math.abs(found.data[at]! - value) <= 1, `${at}`);
    }
    const same = one.expected.filter((value, at) => found.data[at] === value);
    assert(same.length >= 0.99 * one.expected.length);
  });
}

const drawn = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  channels: fc.constantFrom(1, 3, 4),
  depth: fc.constantFrom(8, 16, 32),
  seed: fc.nat(1000),
});

function draw(
  { width, height, channels, depth, seed }: {
    width: number;
    height: number;
    channels: number;
    depth: number;
    seed: number;
  },
): Image {
  const values = Array.from(
    { length: width * height * channels },
    (_, at) => (at * 7919 + seed * 104729) % 65521,
  );
  const data = depth === 8
    ? Uint8Array.from(values)
    : depth === 16
    ? Uint16Array.from(values)
    : Float32Array.from(values, (value) => value % 17 === 0 ? NaN : value / 7);
  return { width, height, channels, depth, data } as Image;
}

Deno.test("rescaled() gives the same values however windows are cut", async () => {
  const property = fc.asyncProperty(
    drawn,
    fc.double({ min: 0.03, max: 4, noNaN: true }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    async (how, factor, right, down) => {
      const reader = rescaled(readerOf(draw(how)), factor);
      const { width, height } = reader;
      const whole = await reader.read(0, 0, width, height);
      const x = Math.floor(right * width), y = Math.floor(down * height);
      const window = {
        x,
        y,
        width: Math.ceil((width - x) * right) || 1,
        height: Math.ceil((height - y) * down) || 1,
      };
      assertEquals(
        await reader.read(x, y, window.width, window.height),
        cropImage(whole, window),
      );
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

Deno.test("rescaled() keeps an image of one value as it is, in any size", async () => {
  const property = fc.asyncProperty(
    drawn,
    fc.double({ min: 0.03, max: 4, noNaN: true }),
    async (how, factor) => {
      const image = draw(how);
      image.data.fill(201);
      const reader = rescaled(readerOf(image), factor);
      const { data } = await reader.read(0, 0, reader.width, reader.height);
      assert(data.every((value) => Math.abs(value - 201) < 1e-4));
      assert(image.depth === 32 || data.every((value) => value === 201));
    },
  );
  await fc.assert(property, { numRuns: 100 });
});

Deno.test("rescaled() with factor 1 gives the image", async () => {
  const image = draw({ width: 9, height: 7, channels: 3, depth: 16, seed: 1 });
  assertEquals(await rescaled(readerOf(image), 1).read(0, 0, 9, 7), image);
});

Deno.test("rescaled() leaves NaN out of a mean, and keeps it where there is nothing else", async () => {
  const data = new Float32Array([1, NaN, NaN, NaN, 3, 5]);
  const image = { width: 6, height: 1, channels: 1, depth: 32, data } as const;
  const { data: found } = await rescaled(readerOf(image), 0.5).read(0, 0, 3, 1);
  assertEquals([...found], [1, NaN, 4]);
});

Deno.test("rescaled() gives the pixel size that comes of the rounded size", () => {
  const image = draw({ width: 9, height: 8, channels: 1, depth: 8, seed: 1 });
  const reader = rescaled(
    readerOf(image, { pixelSize: { x: 0.25, y: 0.5 } }),
    0.5,
  );
  assertEquals([reader.width, reader.height], [5, 4]);
  assertEquals(reader.pixelSize, { x: 0.25 * 9 / 5, y: 1 });
});

Deno.test("rescaled() reads a source piece by piece, and no more than a window needs", async () => {
  const width = 6000, height = 2000;
  const image: Image = {
    width,
    height,
    channels: 1,
    depth: 8,
    data: new Uint8Array(width * height),
  };
  const source = readerOf(image);
  const reader = rescaled(source, 1 / 500);
  await reader.read(3, 1, 2, 1);
  for (const [x, y, columns, rows] of source.windows) {
    assert(x >= 1500 && x + columns <= 2500, `${x}`);
    assert(y >= 500 && y + rows <= 1000, `${y}`);
  }
  await reader.read(0, 0, 12, 4);
  assert(source.windows.every(([, , w, h]) => w * h <= 2 ** 22));
});

Deno.test("rescaled() closes the source with itself", async () => {
  const source = readerOf(
    draw({ width: 2, height: 2, channels: 1, depth: 8, seed: 1 }),
  );
  await rescaled(source, 2)[Symbol.asyncDispose]();
  assert(source.isClosed());
});

Deno.test("rescaled() refuses factors that are no positive numbers", () => {
  const source = readerOf(
    draw({ width: 2, height: 2, channels: 1, depth: 8, seed: 1 }),
  );
  for (const factor of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => rescaled(source, factor),
      RangeError,
      `Cannot rescale image: found factors ${factor} and ${factor}, expected positive numbers`,
    );
  }
});
