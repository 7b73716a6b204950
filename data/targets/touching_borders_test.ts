import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { unlabeled } from "./class_target.ts";
import { touchingBorders } from "./touching_borders.ts";
import type { Labels } from "../types.ts";

/** Images of a few instances, of any shape and touching any way. */
const anyLabels: fc.Arbitrary<Labels> = fc.tuple(
  fc.integer({ min: 1, max: 10 }),
  fc.integer({ min: 1, max: 10 }),
).chain(([width, height]) =>
  fc.uint32Array({ minLength: width * height, maxLength: width * height })
    .map((data) => ({ width, height, data: data.map((value) => value % 4) }))
);

/** The same from its definition, pixel by pixel. */
function reference({ width, data }: Labels): number[] {
  const all = [...data.keys()], labels = [...new Set(data)].filter(Boolean);
  const reachOf = (label: number): number => {
    const pixels = data.filter((own) => own === label).length;
    return Math.min(5, Math.max(1.5, 0.2 * Math.sqrt(pixels / Math.PI)));
  };
  return all.map((at) => {
    const near = labels.filter((label) => {
      const reach = reachOf(label);
      return all.some((other) =>
        data[other] === label &&
        Math.hypot(
            at % width - other % width,
            Math.floor(at / width) - Math.floor(other / width),
          ) <= reach
      );
    });
    return near.length > 1 ? 1 : 0;
  });
}

Deno.test("touchingBorders() is where two small objects are within reach", () => {
  fc.assert(fc.property(anyLabels, (labels) => {
    // Objects of at most 100 pixels all have the least reach.
    assertEquals([...touchingBorders(labels)], reference(labels));
  }));
});

/** Two squares side by side, with a gap. */
function squares(side: number, other: number, gap: number): Labels {
  const width = side + gap + other, height = Math.max(side, other);
  const data = new Uint32Array(width * height);
  for (let at = 0; at < data.length; at++) {
    const x = at % width, y = Math.floor(at / width);
    if (x < side && y < side) data[at] = 1;
    else if (x >= side + gap && y < other) data[at] = 2;
  }
  return { width, height, data };
}

/** How many pixels of the middle row are border. */
function widthOf(labels: Labels): number {
  const row = 3 * labels.width;
  return [...touchingBorders(labels).subarray(row, row + labels.width)]
    .reduce((sum, border) => sum + border, 0);
}

Deno.test("touchingBorders() is as wide as the smaller object's size wants", () => {
  // The diameters of disks of their areas are 9, 34 and 45 pixels.
  assertEquals(widthOf(squares(8, 8, 0)), 2);
  assertEquals(widthOf(squares(30, 30, 0)), 6);
  assertEquals(widthOf(squares(40, 40, 0)), 8);
  assertEquals(widthOf(squares(8, 40, 0)), 2);
  assertEquals(widthOf(squares(40, 8, 0)), 2);
});

Deno.test("touchingBorders() fills a narrow gap, and leaves edges to the background alone", () => {
  assertEquals(widthOf(squares(30, 30, 2)), 4);
  assertEquals(widthOf(squares(30, 30, 8)), 0);
  const alone = squares(30, 30, 8);
  assertEquals(touchingBorders(alone).some((border) => border !== 0), false);
});

Deno.test("touchingBorders() leaves open what is not labeled, and what might be border beside it", () => {
  const data = Uint32Array.of(1, 1, 1, unlabeled, 0, 2, 2, 3, 3);
  assertEquals(
    [...touchingBorders({ width: 9, height: 1, data })],
    [0, 0, -1, -1, -1, 0, 1, 1, 0],
  );
});

Deno.test("touchingBorders() depends on who is whose neighbor, not on numbers", () => {
  fc.assert(fc.property(anyLabels, (labels) => {
    const data = labels.data.map((label) => label && 1000 - 7 * label);
    assertEquals(
      touchingBorders({ ...labels, data }),
      touchingBorders(labels),
    );
  }));
});

Deno.test("touchingBorders() refuses options out of their range", () => {
  const labels = { width: 1, height: 1, data: Uint32Array.of(1) };
  for (
    const options of [{ share: -1 }, { share: 0.6 }, { least: NaN }, {
      least: 9,
    }]
  ) {
    assertThrows(
      () => touchingBorders(labels, options),
      RangeError,
      "Cannot find touching borders: found ",
    );
  }
  assert(touchingBorders(labels, { least: 0, most: 0 }).length === 1);
});
