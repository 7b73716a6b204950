import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { drawOverlay } from "../draw_overlay.ts";
import { labelColor } from "./label_color.ts";
import { OverlayRows } from "./overlay_rows.ts";

/** Some blobs of labels on a picture, both drawn from a number. */
function picture(width: number, height: number, seed: number) {
  const pixels = new Uint8Array(width * height * 3);
  pixels.forEach((_, i) => pixels[i] = (i * 97 + seed) % 251);
  const labels = new Uint32Array(width * height);
  labels.forEach((_, i) => {
    const x = i % width, y = Math.floor(i / width);
    const cell = Math.floor(x / 5) + 7 * Math.floor((y + seed % 4) / 4);
    labels[i] = (x * y + seed) % 11 === 0 ? 0 : cell % 5;
  });
  return { pixels, labels };
}

function drawn(
  style: "mask" | "instances",
  [width, height]: readonly [number, number],
  cuts: readonly number[],
  { pixels, labels }: ReturnType<typeof picture>,
): number[] {
  const overlay = new OverlayRows(width, height, style);
  const found: number[] = [];
  let y = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), height]) {
    const rows = pixels.slice(y * width * 3, cut * width * 3);
    const objects = labels.slice(y * width, cut * width);
    for (const value of overlay.add(rows, objects)) found.push(value);
    // It may not hold on to the caller's arrays.
    rows.fill(9);
    objects.fill(9);
    y = cut;
  }
  return found;
}

for (const style of ["mask", "instances"] as const) {
  Deno.test(`OverlayRows draws the same ${style} however the rows are cut`, () => {
    const pictures = fc.record({
      width: fc.constantFrom(1, 9, 30, 1001),
      height: fc.integer({ min: 1, max: 16 }),
      seed: fc.nat(1000),
      cuts: fc.array(fc.nat(16), { maxLength: 6 }),
    });
    fc.assert(
      fc.property(pictures, ({ width, height, seed, cuts }) => {
        const content = picture(width, height, seed);
        const size = [width, height] as const;
        const within = cuts.map((cut) => Math.min(cut, height));
        assertEquals(
          drawn(style, size, within, content),
          drawn(style, size, [], content),
        );
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("OverlayRows draws a mask as drawOverlay() does", () => {
  for (const width of [40, 1001]) {
    const content = picture(width, 12, 5);
    const mask = Uint8Array.from(content.labels, (label) => label ? 255 : 0);
    // A bright image, which drawOverlay() leaves as it is.
    content.pixels[0] = content.pixels[1] = content.pixels[2] = 255;
    const image = {
      width,
      height: 12,
      channels: 3,
      depth: 8,
      data: content.pixels,
    } as const;
    const whole = drawOverlay(image, { ...image, channels: 1, data: mask });
    assertEquals(
      drawn("mask", [width, 12], [1, 2, 3, 7, 11], content),
      [...whole.data],
    );
  }
});

Deno.test("OverlayRows outlines instances that touch, each in its color", () => {
  const gray = new Uint8Array(6 * 3 * 3).fill(100);
  const labels = new Uint32Array([
    ...[1, 1, 1, 2, 2, 2],
    ...[1, 1, 1, 2, 2, 2],
    ...[0, 1, 1, 2, 2, 2],
  ]);
  const overlay = new OverlayRows(6, 3, "instances").add(gray, labels);
  const at = (x: number, y: number) => [
    ...overlay.subarray((y * 6 + x) * 3).subarray(0, 3),
  ];
  assertEquals(at(2, 1), labelColor(1));
  assertEquals(at(3, 1), labelColor(2));
  assertEquals(at(0, 1), labelColor(1));
  assertEquals(at(0, 2), [100, 100, 100]);
  assertEquals(
    at(4, 1),
    labelColor(2).map((value) => Math.round(100 + 0.3 * (value - 100))),
  );
});

Deno.test("OverlayRows refuses sizes and rows that do not fit", () => {
  assertThrows(
    () => new OverlayRows(0, 4, "mask"),
    RangeError,
    "Cannot draw overlay: found 0×4 pixels, expected integers from 1",
  );
  const overlay = new OverlayRows(4, 2, "mask");
  assertThrows(
    () => overlay.add(new Uint8Array(9), new Uint8Array(4)),
    RangeError,
    "Cannot draw overlay: found 9 values of 4 pixels, expected 3 each",
  );
  assertThrows(
    () => overlay.add(new Uint8Array(9), new Uint8Array(3)),
    RangeError,
    "found 3 values, expected rows of 4",
  );
  assertThrows(
    () => overlay.add(new Uint8Array(36), new Uint8Array(12)),
    RangeError,
    "found 3 rows, expected 2",
  );
});
