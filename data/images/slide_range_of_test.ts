import { assert, assertEquals } from "@std/assert";
import { readerOf } from "../fixtures/reader_of.ts";
import { intensityRange } from "./rgb8.ts";
import { slideRangeOf } from "./slide_range_of.ts";
import type { Image } from "../types.ts";

const side = 200;

/** A slide whose first rows are tissue; the rest has one color. */
function slide(
  rows: number,
  rest: readonly number[],
  tissue = (at: number) => [180 - at % 60, 90 + at % 50, 170 - at % 40],
): Image {
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < side * side; at++) {
    data.set(at < rows * side ? tissue(at) : rest, 3 * at);
  }
  return { width: side, height: side, channels: 3, depth: 8, data };
}

const whole = (image: Image) => intensityRange(image, "color-percentiles");
const glass = [238, 236, 240];

Deno.test("slideRangeOf() finds the tissue's percentiles, however much glass is around it", async () => {
  const [much, little] = [slide(150, glass), slide(20, glass)];
  const range = await slideRangeOf(readerOf(much));
  assert(range.low < 100 && range.high < 200, JSON.stringify(range));
  assertEquals(await slideRangeOf(readerOf(little)), range);
  assert(whole(little).high > 235);
});

Deno.test("slideRangeOf() leaves out a scanner's black padding beside glass", async () => {
  const image = slide(100, glass), { data } = image;
  data.fill(0, data.length / 4 * 3);
  assertEquals(
    await slideRangeOf(readerOf(image)),
    await slideRangeOf(readerOf(slide(100, glass))),
  );
});

Deno.test("slideRangeOf() takes a fluorescence slide whole, for its black is background", async () => {
  const image = slide(20, [2, 2, 3], (at) => [5, 9, 90 + at % 100]);
  assertEquals(await slideRangeOf(readerOf(image)), whole(image));
});

Deno.test("slideRangeOf() takes a slide without tissue, gray and 16 bits whole", async () => {
  const empty = slide(0, glass);
  assertEquals(await slideRangeOf(readerOf(empty)), whole(empty));
  const data = Uint16Array.from({ length: 900 }, (_, at) => at * 37 % 3000);
  const gray = { width: 30, height: 30, channels: 1, depth: 16, data } as const;
  assertEquals(await slideRangeOf(readerOf(gray)), whole(gray));
});
