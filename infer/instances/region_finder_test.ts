import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Instance } from "./instance.ts";
import { RegionFinder, type RegionOptions } from "./region_finder.ts";

interface ClassMap {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
}

const classes = 3;

const maps: fc.Arbitrary<ClassMap> = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
}).chain(({ width, height }) =>
  fc.record({
    ...{ width: fc.constant(width), height: fc.constant(height) },
    data: fc.array(fc.integer({ min: 0, max: classes - 1 }), {
      minLength: width * height,
      maxLength: width * height,
    }),
  })
);

/** The regions of a map whose rows come in bands. */
function regionsOf(
  { width, height, data }: ClassMap,
  rowsAtOnce: number,
  options: RegionOptions = {},
): Instance[] {
  const finder = new RegionFinder(width, height, classes, options);
  const found: Instance[] = [];
  for (let y = 0; y < height; y += rowsAtOnce) {
    const rows = data.slice(y * width, (y + rowsAtOnce) * width);
    const probability = rows.flatMap((own) =>
      [0, 1, 2].map((number) => number === own ? 0.5 : 0.25)
    );
    found.push(...finder.add({
      classMap: Uint8Array.from(rows),
      probability: new Float32Array(probability),
    }));
  }
  return found;
}

/** The map that regions make, and how often each pixel is in one. */
function painted(
  { width, data }: ClassMap,
  regions: readonly Instance[],
): { classes: number[]; count: number[] } {
  const painted = { classes: data.map(() => 0), count: data.map(() => 0) };
  for (const region of regions) {
    region.mask.forEach((inside, at) => {
      if (inside !== 1) return;
      const x = region.x + at % region.width;
      const place = (region.y + Math.floor(at / region.width)) * width + x;
      painted.classes[place] = region.class!;
      painted.count[place]!++;
    });
  }
  return painted;
}

/** Regions by flooding from each pixel, as the pixels of each. */
function flooded({ width, height, data }: ClassMap): string[] {
  const seen = new Set<number>();
  const regions: string[] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || seen.has(start)) continue;
    const pixels = [start];
    seen.add(start);
    for (let next = 0; next < pixels.length; next++) {
      const at = pixels[next]!, x = at % width, y = Math.floor(at / width);
      for (const dy of [-1, 0, 1]) {
        for (const dx of [-1, 0, 1]) {
          const [left, top] = [x + dx, y + dy], other = top * width + left;
          const isIn = left >= 0 && left < width && top >= 0 && top < height;
          if (!isIn || data[other] !== data[start] || seen.has(other)) continue;
          seen.add(other);
          pixels.push(other);
        }
      }
    }
    regions.push(pixels.sort((a, b) => a - b).join());
  }
  return regions.sort();
}

Deno.test("RegionFinder finds what flooding finds, however the rows are divided", () =>
  fc.assert(fc.property(maps, fc.integer({ min: 1, max: 9 }), (map, rows) => {
    const regions = regionsOf(map, rows);
    assertEquals(regions, regionsOf(map, map.height));
    const found = regions.map((region) => {
      const { count } = painted(map, [region]);
      return count.flatMap((one, at) => one === 1 ? at : []).join();
    });
    assertEquals(found.sort(), flooded(map));
  })));

Deno.test("RegionFinder puts each pixel but the background in one region, also where it cuts them", () =>
  fc.assert(
    fc.property(maps, fc.integer({ min: 1, max: 30 }), (map, maximalBox) => {
      const regions = regionsOf(map, 2, { maximalBox });
      const { classes, count } = painted(map, regions);
      assertEquals(classes, [...map.data]);
      assertEquals(count, map.data.map((number) => number === 0 ? 0 : 1));
      const labels = regions.map(({ label }) => label);
      assertEquals(labels, labels.map((_, at) => at + 1));
      for (const { height, probability } of regions) {
        assertEquals(probability, 0.5);
        // A box of one pixel is full after each row.
        assert(maximalBox > 1 || height === 1);
      }
    }),
  ));

Deno.test("RegionFinder refuses rows that are not the next ones of its map", () => {
  const finder = new RegionFinder(2, 1, 3);
  for (const [pixels, values] of [[3, 9], [4, 12], [2, 5]] as const) {
    assertThrows(
      () =>
        finder.add({
          classMap: new Uint8Array(pixels),
          probability: new Float32Array(values),
        }),
      RangeError,
      `Cannot find regions in class map of "${pixels} pixels": found ` +
        `${values} probabilities, expected 3 per pixel, and whole rows of 2`,
    );
  }
});
