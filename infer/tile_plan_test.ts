import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Context, planTiles } from "./tile_plan.ts";

const anyPlan = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
  context: fc.constantFrom<Context>("neighbors", "reflect"),
  tile: fc.integer({ min: 1, max: 40 }),
  margin: fc.integer({ min: 0, max: 25 }),
});

Deno.test("planTiles() covers each pixel exactly once", () => {
  fc.assert(fc.property(anyPlan, ({ width, height, ...options }) => {
    const count = new Uint8Array(width * height);
    for (const tile of planTiles(width, height, options).tiles) {
      for (let y = tile.y; y < tile.y + tile.height; y++) {
        for (let x = tile.x; x < tile.x + tile.width; x++) {
          assert(x < width && y < height);
          count[y * width + x]!++;
        }
      }
    }
    assert(count.every((times) => times === 1));
  }));
});

Deno.test("planTiles() puts a tile's own pixels at its inset, in windows of one size", () => {
  fc.assert(fc.property(anyPlan, ({ width, height, ...options }) => {
    const { side, tiles } = planTiles(width, height, options);
    assertEquals(side, options.tile + 2 * options.margin);
    for (const tile of tiles) {
      const { insetX, insetY, columns, rows } = tile;
      assertEquals([columns.length, rows.length], [side, side]);
      assertEquals(columns[insetX], tile.x);
      assertEquals(columns[insetX + tile.width - 1], tile.x + tile.width - 1);
      assertEquals(rows[insetY], tile.y);
      assertEquals(rows[insetY + tile.height - 1], tile.y + tile.height - 1);
      assert(columns.every((column) => column >= 0 && column < width));
      assert(rows.every((row) => row >= 0 && row < height));
    }
  }));
});

Deno.test("planTiles() with neighbors shows at least the margin on each side, real where the image has it", () => {
  fc.assert(fc.property(anyPlan, ({ width, height, tile, margin }) => {
    const plan = planTiles(width, height, { tile, margin });
    for (const { x, width: length, insetX, columns } of plan.tiles) {
      assert(insetX >= margin);
      assert(plan.side - insetX - length >= margin);
      for (let step = -margin; step < length + margin; step++) {
        const real = x + step;
        if (real < 0 || real >= width) continue;
        assertEquals(columns[insetX + step], real);
      }
    }
  }));
});

Deno.test("planTiles() with neighbors moves the last windows inwards and centers small images", () => {
  const large = planTiles(300, 300, { tile: 256, margin: 32 });
  const last = large.tiles.at(-1)!;
  assertEquals([last.x, last.width], [256, 44]);
  assertEquals([...last.columns.subarray(-33)].slice(0, 3), [299, 298, 297]);
  assertEquals(last.columns[0], 300 + 32 - 320);
  const [small] = planTiles(101, 40).tiles;
  assertEquals([small!.insetX, small!.insetY], [109, 140]);
});

Deno.test("planTiles() takes the report's sizes with reflect, and windows of 320 with neighbors", () => {
  const report = planTiles(4608, 6144, { context: "reflect" });
  assertEquals([report.side, report.tiles.length], [256, 36 * 48]);
  const [first] = report.tiles;
  assertEquals([first!.insetX, first!.insetY], [64, 64]);
  const trained = planTiles(256, 256);
  assertEquals([trained.side, trained.tiles.length], [320, 1]);
});

Deno.test("planTiles() refuses sizes out of range", () => {
  assertThrows(
    () => planTiles(0, 5),
    RangeError,
    "Cannot plan tiles: found width 0, expected an integer of at least 1",
  );
  for (
    const options of [{ tile: 0 }, { tile: 1.5 }, { margin: -1 }, {
      margin: NaN,
    }]
  ) {
    assertThrows(() => planTiles(5, 5, options), RangeError, "Cannot plan");
  }
  assertThrows(() => planTiles(5, Infinity), RangeError, "found height");
});
