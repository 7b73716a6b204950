import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { cropped } from "../images/cropped.ts";
import { findBorders } from "./find_borders.ts";
import { readerOf } from "../fixtures/reader_of.ts";
import type { Image } from "../types.ts";

type Depth = 8 | 16 | 32;

/** An image of one value, with a rectangle of others in it. */
function framed(
  width: number,
  height: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
  { border = 0, inside = 100, channels = 1, depth = 8 }: {
    border?: number;
    inside?: number;
    channels?: 1 | 3 | 4;
    depth?: Depth;
  } = {},
): Image {
  const length = width * height * channels;
  const data = depth === 8
    ? new Uint8Array(length)
    : depth === 16
    ? new Uint16Array(length)
    : new Float32Array(length);
  data.fill(border);
  for (let y = top; y < height - bottom; y++) {
    const from = y * width + left, end = (y + 1) * width - right;
    data.fill(inside, from * channels, end * channels);
  }
  return { width, height, channels, depth, data };
}

Deno.test("findBorders() finds the margins of any sides, black or white, of any depth", async () => {
  const margin = fc.oneof(fc.constant(0), fc.nat(150));
  const property = fc.asyncProperty(
    fc.tuple(margin, margin, margin, margin),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 60 }),
    fc.constantFrom(1 as const, 3 as const, 4 as const),
    fc.constantFrom<[Depth, number]>(
      ...([[8, 0], [8, 255], [16, 0], [16, 65535], [32, 0], [32, NaN]] as [
        Depth,
        number,
      ][]),
    ),
    async (margins, columns, rows, channels, [depth, border]) => {
      const [left, top, right, bottom] = margins;
      const image = framed(
        left + columns + right,
        top + rows + bottom,
        margins,
        { border, channels, depth },
      );
      assertEquals(await findBorders(readerOf(image)), {
        left,
        top,
        right,
        bottom,
        content: { x: left, y: top, width: columns, height: rows },
      });
    },
  );
  await fc.assert(property, { numRuns: 150 });
});

Deno.test("findBorders() stops at one pixel that is not empty", async () => {
  const image = framed(50, 40, [10, 8, 6, 4]);
  image.data[3 * 50 + 20] = 90;
  const { left, top, right, bottom } = await findBorders(readerOf(image));
  assertEquals([left, top, right, bottom], [10, 3, 6, 4]);
});

Deno.test("findBorders() takes what is nearly black for black, within the tolerance", async () => {
  const image = framed(20, 20, [0, 0, 5, 5], { border: 4 });
  assertEquals((await findBorders(readerOf(image))).right, 5);
  const exact = await findBorders(readerOf(image), { tolerance: 3 });
  assertEquals([exact.right, exact.bottom], [0, 0]);
  // In 16 bits, a value of 4 is a background.
  const deep = framed(20, 20, [0, 0, 5, 5], { border: 4, depth: 16 });
  assertEquals((await findBorders(readerOf(deep))).right, 0);
  const tolerant = await findBorders(readerOf(deep), { tolerance: 4 });
  assertEquals(tolerant.right, 5);
});

Deno.test("findBorders() keeps a margin of another color, and one that is gray", async () => {
  const image = framed(30, 30, [0, 0, 0, 6]);
  image.data.fill(255, 27 * 30);
  const { bottom } = await findBorders(readerOf(image));
  // First the white rows at the border, then the black ones that they leave.
  assertEquals(bottom, 6);
  const gray = framed(30, 30, [4, 4, 4, 4], { border: 128 });
  assertEquals((await findBorders(readerOf(gray))).content.width, 30);
});

Deno.test("findBorders() finds margins that only show once others are off", async () => {
  // White at the bottom, but for black columns on the right.
  const image = framed(30, 30, [0, 0, 0, 7], { border: 255 });
  for (let y = 0; y < 30; y++) image.data.fill(0, y * 30 + 25, (y + 1) * 30);
  const { right, bottom } = await findBorders(readerOf(image));
  assertEquals([right, bottom], [5, 7]);
});

Deno.test("findBorders() finds no margins where all is empty", async () => {
  for (const border of [0, 255]) {
    const image = framed(30, 300, [0, 0, 0, 300], { border });
    assertEquals(await findBorders(readerOf(image)), {
      left: 0,
      top: 0,
      right: 0,
      bottom: 0,
      content: { x: 0, y: 0, width: 30, height: 300 },
    });
  }
});

Deno.test("findBorders() does not count alpha", async () => {
  const image = framed(9, 9, [0, 0, 3, 0], { channels: 4 });
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
  assertEquals((await findBorders(readerOf(image))).right, 3);
});

Deno.test("findBorders() reads the edges of an image without margins, and no more", async () => {
  const image = framed(3000, 2000, [0, 0, 0, 0]);
  const reader = readerOf(image);
  await findBorders(reader);
  const pixels = reader.windows.reduce((sum, [, , w, h]) => sum + w * h, 0);
  assert(pixels < 3000 * 2000 / 4, `${pixels}`);
});

Deno.test("findBorders() gives what cropped() takes", async () => {
  const source = readerOf(framed(30, 20, [2, 3, 4, 5]));
  const reader = cropped(source, (await findBorders(source)).content);
  const { data } = await reader.read(0, 0, reader.width, reader.height);
  assertEquals(data, new Uint8Array(24 * 12).fill(100));
});

Deno.test("findBorders() refuses a tolerance below 0", async () => {
  const reader = readerOf(framed(3, 3, [0, 0, 0, 0]));
  for (const tolerance of [-1, NaN]) {
    await assertRejects(
      () => findBorders(reader, { tolerance }),
      RangeError,
      `found a tolerance of ${tolerance}, expected a number from 0`,
    );
  }
});
