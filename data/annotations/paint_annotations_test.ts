import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import fc from "fast-check";
import type { Ring } from "./annotation.ts";
import { paintAnnotations } from "./paint_annotations.ts";

const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

Deno.test("paintAnnotations() gives corner 0, 0 to the first pixel, and half pixels to one side", () => {
  const row = (x: number, width: number) => {
    const ring: Ring = [[x, 0], [x + width, 0], [x + width, 1], [x, 1]];
    const { labels } = paintAnnotations([{ polygons: [[ring]] }], {
      ...{ width: 4, height: 1 },
    });
    return [...labels.data].join("");
  };
  assertEquals(row(0, 1), "1000");
  assertEquals(row(3, 1), "0001");
  assertEquals(row(0.5, 1), "1000");
  assertEquals(row(0.51, 1), "0100");
  assertEquals(row(0.49, 1), "1000");
});

Deno.test("paintAnnotations() counts what overlaps, lies outside, or has no pixel", () => {
  const painted = paintAnnotations(
    [
      ...[square(1, 1, 3), square(2, 2, 3), square(1, 1, 2), square(20, 2, 2)],
      ...[square(5.6, 0.6, 0.3), square(6, 6, 9)],
    ].map((ring) => ({ polygons: [[ring]] })),
    { width: 8, height: 8 },
  );
  const { places, overlapping, hidden, outside, tiny, cut } = painted;
  assertEquals({ places, overlapping, hidden, outside, tiny, cut }, {
    ...{ places: [0, 1, 5], overlapping: 1, hidden: 1 },
    ...{ outside: 1, tiny: 1, cut: 1 },
  });
  assertEquals(painted.labels.data[2 * 8 + 2], 1);
  assertEquals(painted.labels.data[7 * 8 + 7], 3);
});

Deno.test("paintAnnotations() takes no time for what lies far outside", () => {
  const far: Ring = [[-1e8, -1e8], [1e8, -9e7], [1e8, -1e8]];
  const huge: Ring = [[-1e8, -1e8], [1e8, -1e8], [1e8, 1e8], [-1e8, 1e8]];
  const { labels, outside, cut } = paintAnnotations(
    [{ polygons: [[far]] }, { polygons: [[huge]] }],
    { width: 3, height: 2 },
  );
  assertEquals([...labels.data], [1, 1, 1, 1, 1, 1]);
  assertEquals([outside, cut], [1, 1]);
});

Deno.test("paintAnnotations() gives each pixel of two neighbors to one of them", () => {
  const number = fc.double({ min: -3, max: 12, noNaN: true });
  fc.assert(fc.property(number, number, (top, bottom) => {
    // A line from the top to the bottom cuts the image in two.
    const left: Ring = [[0, 0], [top, 0], [bottom, 9], [0, 9]];
    const right: Ring = [[top, 0], [9, 0], [9, 9], [bottom, 9]];
    const count = (ring: Ring) =>
      paintAnnotations([{ polygons: [[ring]] }], { width: 9, height: 9 })
        .labels.data;
    const [one, two] = [count(left), count(right)];
    if (top < 0 || top > 9 || bottom < 0 || bottom > 9) return;
    assertEquals(
      one.map((label, at) => label + two[at]!),
      new Uint32Array(81).fill(1),
    );
  }));
});

Deno.test("paintAnnotations() refuses corners that lie nowhere", () => {
  for (const x of [NaN, Infinity, -2e9]) {
    const ring: Ring = [[1, 1], [x, 1], [3, 3], [1, 3]];
    assertThrows(
      () => paintAnnotations([{ polygons: [[ring]] }], { width: 4, height: 4 }),
      RangeError,
      "is not within 1000000000 pixels",
    );
  }
});

Deno.test("paintAnnotations() bounds its work by the image's pixels", () => {
  const size = { width: 512, height: 1024, name: "a.png" };
  const full: Ring = [[0, 0], [512, 0], [512, 1024], [0, 1024]];
  const zigzag: Ring = Array.from(
    { length: 40_000 },
    (_, at) => [at / 80, at % 2 ? 1024 : 0] as const,
  );
  const paint = (rings: readonly Ring[]) =>
    paintAnnotations(rings.map((ring) => ({ polygons: [[ring]] })), size);
  assertEquals(paint(Array(60).fill(full)).hidden, 59);
  for (const rings of [Array(65).fill(full), [zigzag]]) {
    assertThrows(
      () => paint(rings),
      FileError,
      'Cannot paint annotations of "a.png": found more than 33554432 pixels',
    );
  }
});

Deno.test("paintAnnotations() paints run lengths as they run down the columns", () => {
  const size = { width: 6, height: 5 };
  const lengths = fc.array(fc.nat({ max: 13 }), { maxLength: 12 });
  fc.assert(fc.property(lengths, (lengths) => {
    const flat = lengths.flatMap((length, at) => Array(length).fill(at % 2));
    fc.pre(flat.length <= 30);
    const mask = { height: 5, lengths };
    const { labels } = paintAnnotations([{ polygons: [], mask }], size);
    assertEquals(
      [...labels.data],
      Array.from(
        { length: 30 },
        (_, at) => flat[at % 6 * 5 + Math.floor(at / 6)] ?? 0,
      ),
    );
  }));
});
