import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { drawOverlay } from "./draw_overlay.ts";
import { classColor } from "./class_color.ts";
import { labelColor } from "./label_color.ts";
import { OverlayRows, type OverlayStyle } from "./overlay_rows.ts";

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
  style: OverlayStyle,
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

for (const style of ["mask", "instances", "classes"] as const) {
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

/** The line of a label. */
function lineOf(label: number): number[] {
  return labelColor(label).map((value) =>
    Math.round(value + 0.6 * (255 - value))
  );
}

Deno.test("OverlayRows separates instances that touch by a line and a casing, each in its color", () => {
  const gray = new Uint8Array(8 * 3 * 3).fill(100);
  const labels = new Uint32Array([
    ...[1, 1, 1, 2, 2, 2, 2, 2],
    ...[1, 1, 1, 2, 2, 2, 2, 2],
    ...[0, 1, 1, 2, 2, 2, 2, 2],
  ]);
  const overlay = new OverlayRows(8, 3, "instances").add(gray, labels);
  const at = (x: number, y: number) => [
    ...overlay.subarray((y * 8 + x) * 3).subarray(0, 3),
  ];
  assertEquals(at(2, 1), lineOf(1));
  assertEquals(at(3, 1), [20, 20, 20]);
  assertEquals(at(0, 1), lineOf(1));
  assertEquals(at(0, 2), [20, 20, 20]);
  assertEquals(
    at(5, 1),
    labelColor(2).map((value) => Math.round(100 + 0.25 * (value - 100))),
  );
});

Deno.test("OverlayRows draws each class in its color, line and tint", () => {
  const gray = new Uint8Array(12 * 3 * 3).fill(100);
  const row = [1, 1, 1, 1, 1, 0, 2, 2, 2, 2, 2, 2];
  const overlay = new OverlayRows(12, 3, "classes")
    .add(gray, new Uint8Array([...row, ...row, ...row]));
  const at = (x: number) => [...overlay.subarray(3 * x).subarray(0, 3)];
  const tint = (value: number) => Math.round(100 + 0.35 * (value - 100));
  assertEquals(at(1), classColor(1).map(tint));
  assertEquals(at(4), [...classColor(1)]);
  assertEquals(at(5), [20, 20, 20]);
  assertEquals(at(6), [...classColor(2)]);
  assertEquals(at(9), classColor(2).map(tint));
});

/** Relative luminance, 0…1 (WCAG 2). */
function luminance(color: readonly number[]): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

Deno.test("OverlayRows draws outlines that show on black, on white and on stain by brightness alone, whatever the label", () => {
  const contrast = (one: readonly number[], other: readonly number[]) => {
    const [dark, light] = [luminance(one), luminance(other)].toSorted();
    return (light! + 0.05) / (dark! + 0.05);
  };
  const images = {
    ...{ black: [0, 0, 0], gray: [128, 128, 128], white: [255, 255, 255] },
    ...{ eosin: [220, 130, 180], hematoxylin: [95, 50, 130] },
  };
  for (const [name, color] of Object.entries(images)) {
    for (let label = 0; label < 300; label++) {
      const style = label === 0 ? "mask" : "instances";
      const row = new Uint32Array([0, 0, label || 255, label || 255]);
      const pixels = Uint8Array.from([color, color, color, color].flat());
      const drawn = new OverlayRows(4, 1, style).add(pixels, row);
      const at = (x: number) => [...drawn.subarray(3 * x, 3 * x + 3)];
      const [image, casing, line] = [at(0), at(1), at(2)];
      assertEquals(image, color);
      // As WCAG 2 has it for the parts of a picture.
      assert(contrast(line, casing) >= 3, `${label} on ${name}`);
      const best = Math.max(contrast(line, image), contrast(casing, image));
      assert(best >= 3, `${label} on ${name}: ${best}`);
    }
  }
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
