import { assertEquals } from "@std/assert";
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
