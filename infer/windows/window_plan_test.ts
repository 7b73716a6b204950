import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  type AxisWindow,
  type Blend,
  type Context,
  planWindows,
  type WindowOptions,
} from "./window_plan.ts";

const anyPlan = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
  context: fc.constantFrom<Context>("neighbors", "reflect"),
  tile: fc.integer({ min: 1, max: 40 }),
  margin: fc.integer({ min: 0, max: 25 }),
});

const anyOverlap = fc.record({
  size: fc.integer({ min: 1, max: 200 }),
  tile: fc.integer({ min: 4, max: 64 }),
  margin: fc.integer({ min: 0, max: 9 }),
  overlap: fc.double({ min: 0.01, max: 0.9, noNaN: true }),
  blend: fc.constantFrom<Blend>("gaussian", "linear"),
  multiple: fc.constantFrom<number | undefined>(undefined, 1, 8, 32),
});

Deno.test("planWindows() lets each pixel be decided exactly once", () => {
  fc.assert(fc.property(anyPlan, ({ width, height, ...options }) => {
    const { columns, rows } = planWindows(width, height, options);
    for (const [windows, size] of [[columns, width], [rows, height]] as const) {
      let next = 0;
      for (const { start, length } of windows) {
        assertEquals(start, next);
        assert(length >= 1);
        next += length;
      }
      assertEquals(next, size);
    }
  }));
});

Deno.test("planWindows() puts a tile's own pixels at its inset, in windows of one size", () => {
  fc.assert(fc.property(anyPlan, ({ width, height, ...options }) => {
    const { columns } = planWindows(width, height, options);
    for (const { start, length, inset, sources } of columns) {
      assertEquals(sources.length, options.tile + 2 * options.margin);
      assertEquals(sources[inset], start);
      assertEquals(sources[inset + length - 1], start + length - 1);
      assert(sources.every((source) => source >= 0 && source < width));
    }
  }));
});

Deno.test("planWindows() with neighbors shows at least the margin on each side, real where the image has it, also in narrowed windows", () => {
  const multiples = fc.constantFrom(undefined, 1, 8);
  fc.assert(
    fc.property(anyPlan, multiples, ({ width, tile, margin }, multiple) => {
      const { columns } = planWindows(
        width,
        1,
        multiple === undefined ? { tile, margin } : { tile, margin, multiple },
      );
      for (const { start, length, inset, sources } of columns) {
        assert(inset >= margin);
        assert(sources.length - inset - length >= margin);
        for (let step = -margin; step < length + margin; step++) {
          const real = start + step;
          if (real < 0 || real >= width) continue;
          assertEquals(sources[inset + step], real);
        }
      }
    }),
  );
});

Deno.test("planWindows() narrows the last windows to what is left, as a multiple", () => {
  const sides = (size: number, options: WindowOptions) =>
    planWindows(size, 1, options).columns.map(({ sources }) => sources.length);
  const options = { tile: 960, margin: 32, multiple: 32 };
  assertEquals(sides(2000, options), [1024, 1024, 160]);
  assertEquals(sides(256, options), [320]);
  assertEquals(sides(100, options), [192]);
  assertEquals(sides(300, { tile: 256, margin: 32 }), [320, 320]);
  assertEquals(
    sides(500, { tile: 320, margin: 0, overlap: 0.25, multiple: 32 }),
    [
      320,
      288,
    ],
  );
});

Deno.test("planWindows() with a multiple sees an image no larger than a window in one, in its center, its margin around it", () => {
  const options = { tile: 960, margin: 32, multiple: 32 };
  for (
    const [size, side] of [[960, 1024], [961, 1056], [1024, 1088]] as const
  ) {
    for (const overlap of [0, 0.25]) {
      const { columns } = planWindows(size, 1, { ...options, overlap });
      assertEquals(columns.length, 1);
      const [{ start, length, inset, sources }] = columns as [AxisWindow];
      assertEquals([start, length, sources.length], [0, size, side]);
      assert(Math.abs(inset - (side - size - inset)) <= 1);
    }
  }
  assertEquals(planWindows(1025, 1, options).columns.length, 2);
});

Deno.test("planWindows() with a multiple never shows the network more pixels than a window for each tile would", () => {
  fc.assert(
    fc.property(
      anyPlan,
      fc.constantFrom(1, 8),
      ({ width, tile, margin }, multiple) => {
        const sides = planWindows(width, 1, { tile, margin, multiple }).columns
          .map(({ sources }) => sources.length);
        const most = tile + 2 * margin;
        const each = Array.from(
          { length: Math.ceil(width / tile) },
          (_, index) => Math.min(tile, width - index * tile),
        ).map((length) =>
          Math.ceil((length + 2 * margin) / multiple) * multiple
        );
        const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
        assert(sum(sides) <= sum(each), `${sides} of ${each}`);
        // One window alone may be larger, by the margins of what it joins.
        if (sides.length > 1) assert(sides.every((side) => side <= most));
      },
    ),
  );
});

Deno.test("planWindows() makes the windows of a very wide image lower, so that a row of them stays small", () => {
  const options = { tile: 960, margin: 32, multiple: 32 };
  const heights = (width: number) =>
    planWindows(width, 5000, options).rows.map(({ sources }) => sources.length);
  assertEquals(heights(17_000)[0], 1024);
  assertEquals(heights(30_000)[0], 608);
  assert(30_000 * (608 - 64) <= 2 ** 24);
  assertEquals(heights(1_000_000)[0], 256);
  const { columns } = planWindows(30_000, 5000, options);
  assertEquals(columns[0]!.sources.length, 1024);
});

Deno.test("planWindows() with neighbors moves the last windows inwards and centers small images", () => {
  const large = planWindows(300, 300, { tile: 256, margin: 32 });
  const last = large.columns.at(-1)!;
  assertEquals([last.start, last.length], [256, 44]);
  assertEquals([...last.sources.subarray(-33)].slice(0, 3), [299, 298, 297]);
  assertEquals(last.sources[0], 300 + 32 - 320);
  const { columns: [column], rows: [row] } = planWindows(101, 40);
  assertEquals([column!.inset, row!.inset], [109, 140]);
});

Deno.test("planWindows() takes the report's sizes with reflect, and windows of 320 with neighbors", () => {
  const report = planWindows(4608, 6144, { context: "reflect" });
  assertEquals([report.columns.length, report.rows.length], [36, 48]);
  assertEquals(report.columns[0]!.sources.length, 256);
  assertEquals(report.columns[0]!.inset, 64);
  const trained = planWindows(256, 256);
  assertEquals(trained.columns.length, 1);
  assertEquals(trained.columns[0]!.sources.length, 320);
});

Deno.test("planWindows() with an overlap gives weights that sum up to 1 on each pixel", () => {
  fc.assert(fc.property(anyOverlap, ({ size, multiple, ...options }) => {
    const { columns } = planWindows(
      size,
      1,
      multiple === undefined ? options : { ...options, multiple },
    );
    const sums = new Float64Array(size);
    for (const { start, length, weights, sources, inset } of columns) {
      assertEquals(weights!.length, length);
      weights!.forEach((weight, at) => {
        assert(weight > 0);
        sums[start + at]! += weight;
        assertEquals(sources[inset + at], start + at);
      });
    }
    sums.forEach((sum) => assertAlmostEquals(sum, 1, 1e-5));
  }));
});

Deno.test("planWindows() weighs tiles as MONAI's importance map does", () => {
  // A single tile of 8: exp(−(x − 3.5)² / 2) for sigma 1, of which the ratio of
  // neighbors stays where two tiles share a pixel.
  const [first, second] =
    planWindows(12, 1, { tile: 8, margin: 0, overlap: 0.5 })
      .columns;
  const raw = (x: number) => Math.max(1e-3, Math.exp(-((x - 3.5) ** 2) / 2));
  for (const x of [4, 5, 6, 7]) {
    assertAlmostEquals(
      first!.weights![x]! / second!.weights![x - 4]!,
      raw(x) / raw(x - 4),
      1e-3,
    );
  }
  assertEquals([...first!.weights!.slice(0, 4)], [1, 1, 1, 1]);
});

Deno.test("planWindows() refuses sizes out of range", () => {
  assertThrows(
    () => planWindows(0, 5),
    RangeError,
    "Cannot plan windows: found width 0, expected an integer of at least 1",
  );
  const wrong: WindowOptions[] = [
    { tile: 0 },
    { tile: 1.5 },
    { margin: -1 },
    { margin: NaN },
    { multiple: 0 },
    { overlap: 0.95 },
    { overlap: NaN },
    { overlap: 0.5, context: "reflect" },
  ];
  for (const options of wrong) {
    assertThrows(() => planWindows(5, 5, options), RangeError, "Cannot plan");
  }
  assertThrows(() => planWindows(5, Infinity), RangeError, "found height");
});

Deno.test("planWindows() with linear blending fades evenly from one window to the next, at the centers of pixels", () => {
  const { columns: [first, second] } = planWindows(12, 1, {
    ...{ tile: 8, margin: 0, overlap: 0.5, blend: "linear" },
  });
  assertEquals([first!.start, second!.start], [0, 4]);
  assertEquals(
    [...first!.weights!],
    [1, 1, 1, 1, 0.875, 0.625, 0.375, 0.125],
  );
  assertEquals(
    [...second!.weights!],
    [0.125, 0.375, 0.625, 0.875, 1, 1, 1, 1],
  );
});
