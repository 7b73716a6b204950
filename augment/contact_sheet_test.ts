import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import type { Image, Labels } from "@unet/data";
import { createRandom } from "@unet/random";
import { contactSheet } from "./contact_sheet.ts";
import { noiseSample, nothing } from "./fixtures/noise_sample.ts";
import { transform } from "./transform.ts";

const outline = [255, 215, 0];

/** The pixels of a cell, color by color. */
function cell(
  sheet: Image,
  left: number,
  top: number,
  { width, height }: Image,
) {
  const colors: number[][] = [];
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      const i = 3 * (y * sheet.width + x);
      colors.push([...sheet.data.slice(i, i + 3)]);
    }
  }
  return colors;
}

function unlabeled(labels: Labels): Labels {
  return { ...labels, data: new Uint32Array(labels.data.length) };
}

Deno.test("contactSheet() puts the image first and what transform() makes of it beside, on white", () => {
  const sample = noiseSample(10, 6);
  const image = sample.image, labels = unlabeled(sample.labels);
  const sheet = contactSheet(image, labels, { columns: 3, rows: 2, seed: 9 });
  assertEquals([sheet.width, sheet.height], [3 * 14 - 4, 2 * 10 - 4]);
  const pixelsOf = ({ data }: Image) =>
    Array.from({ length: 60 }, (_, p) => [...data.slice(3 * p, 3 * p + 3)]);
  assertEquals(cell(sheet, 0, 0, image), pixelsOf(image));
  for (let place = 1; place < 6; place++) {
    const expected = transform(image, labels, createRandom(9, place)).image;
    const left = (place % 3) * 14, top = Math.floor(place / 3) * 10;
    assertEquals(cell(sheet, left, top, image), pixelsOf(expected));
  }
  const between = cell(sheet, 10, 0, { ...image, width: 4, height: 16 });
  assert(between.every((color) => color.every((value) => value === 255)));
});

Deno.test("contactSheet() outlines each instance from within, touching ones apart", () => {
  const { image } = noiseSample(8, 5, 1);
  image.data.fill(50);
  const rows = [
    [0, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 1, 2, 2, 2, 0],
    [0, 1, 1, 1, 2, 2, 2, 0],
    [0, 1, 1, 1, 2, 2, 2, 0],
    [0, 0, 0, 0, 0, 0, 0, 0],
  ];
  const labels = { width: 8, height: 5, data: Uint32Array.from(rows.flat()) };
  const sheet = contactSheet(image, labels, { columns: 1, rows: 1 });
  const inner = new Set([2 * 8 + 2, 2 * 8 + 5]);
  cell(sheet, 0, 0, image).forEach((color, pixel) => {
    const outlined = labels.data[pixel] !== 0 && !inner.has(pixel);
    assertEquals(color, outlined ? outline : [50, 50, 50]);
  });
});

Deno.test("contactSheet() shows 16 bits and floats from black to white, without alpha", () => {
  for (const depth of [16, 32] as const) {
    const { image, labels } = noiseSample(3, 1, 4, depth);
    image.data.set([
      300,
      340,
      500,
      9000,
      310,
      350,
      450,
      9000,
      400,
      400,
      400,
      0,
    ]);
    const sheet = contactSheet(image, unlabeled(labels), {
      columns: 1,
      rows: 1,
    });
    assertEquals(cell(sheet, 0, 0, image)[0], [0, 51, 255]);
  }
});

Deno.test("contactSheet() draws the same sheet for the same seed, another for another", () => {
  const { image, labels } = noiseSample(12, 12);
  const draw = (seed: number) => contactSheet(image, labels, { seed });
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
  const still = contactSheet(image, labels, { rows: 1, transform: nothing });
  assertEquals(cell(still, 16, 0, image), cell(still, 0, 0, image));
});

Deno.test("contactSheet() refuses a sheet without cells", () => {
  const { image, labels } = noiseSample(4, 4);
  assertThrows(
    () => contactSheet(image, labels, { columns: 0 }),
    RangeError,
    'Cannot use option "columns": found 0, expected a whole number from 1',
  );
  assertThrows(
    () => contactSheet(image, labels, { rows: 1.5 }),
    RangeError,
    'Cannot use option "rows": found 1.5, expected a whole number from 1',
  );
});
