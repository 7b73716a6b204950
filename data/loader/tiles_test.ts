import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import reference from "../fixtures/reflect.json" with { type: "json" };
import { cutTile, tilesOf } from "./tiles.ts";
import type { Image, Sample } from "../types.ts";

/** A sample whose pixels and labels all differ. */
function numbered(
  width: number,
  height: number,
  channels: Image["channels"] = 1,
  depth: Image["depth"] = 16,
): Sample {
  const length = width * height * channels;
  const data = depth === 8
    ? new Uint8Array(length)
    : depth === 16
    ? new Uint16Array(length)
    : new Float32Array(length);
  return {
    id: "numbered",
    image: {
      width,
      height,
      channels,
      depth,
      data: data.map((_: number, index: number) => index) as Image["data"],
    },
    labels: {
      width,
      height,
      data: Uint32Array.from({ length: width * height }, (_, index) => index),
    },
  };
}

Deno.test("tilesOf() covers every pixel with as few tiles as can, all of them inside", () => {
  const side = fc.integer({ min: 1, max: 700 });
  const sizes = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(side, side, sizes, (width, height, size) => {
      const tiles = tilesOf(width, height, size);
      const across = Math.ceil(width / size), down = Math.ceil(height / size);
      assertEquals(tiles.length, across * down);
      const columns = new Set<number>(), rows = new Set<number>();
      for (const { x, y, width: w, height: h, padding } of tiles) {
        assert(x >= 0 && y >= 0 && x + w <= width && y + h <= height);
        assertEquals(w + padding.left + padding.right, size);
        assertEquals(h + padding.top + padding.bottom, size);
        for (let column = x; column < x + w; column++) columns.add(column);
        for (let row = y; row < y + h; row++) rows.add(row);
      }
      assertEquals([columns.size, rows.size], [width, height]);
    }),
    { numRuns: 60 },
  );
});

Deno.test("tilesOf() spreads tiles evenly, the last at the border, when an image is larger", () => {
  assertEquals(tilesOf(696, 256).map((tile) => tile.x), [0, 220, 440]);
  assertEquals(tilesOf(512, 512).map(({ x, y }) => [x, y]), [
    [0, 0],
    [256, 0],
    [0, 256],
    [256, 256],
  ]);
});

Deno.test("tilesOf() pads by half on each side when an image is smaller", () => {
  const [tile] = tilesOf(255, 250, 256);
  assertEquals(tile, {
    x: 0,
    y: 0,
    width: 255,
    height: 250,
    padding: { left: 0, right: 1, top: 3, bottom: 3 },
  });
});

Deno.test("tilesOf() makes 1,999 tiles of the sizes in the 2018 Data Science Bowl's first 604 images", () => {
  const images: [count: number, width: number, height: number][] = [
    [301, 256, 256],
    [101, 320, 256],
    [83, 696, 520],
    [82, 360, 360],
    [14, 1024, 1024],
    [12, 640, 512],
    [5, 347, 260],
    [5, 1272, 603],
    [1, 1388, 1040],
  ];
  let total = 0;
  for (const [count, width, height] of images) {
    total += count * tilesOf(width, height).length;
  }
  assertEquals(total, 1999);
});

Deno.test("tilesOf() throws when a number is no positive integer", () => {
  assertThrows(
    () => tilesOf(0, 5),
    RangeError,
    "Cannot tile image: found width 0, expected a positive integer",
  );
  assertThrows(() => tilesOf(5, 2.5), RangeError, "height 2.5");
  assertThrows(() => tilesOf(5, 5, NaN), RangeError, "size NaN");
});

Deno.test("cutTile() mirrors as numpy does when an image is smaller than its tile", () => {
  for (const { width, height, size, image, padded } of reference) {
    const sample: Sample = {
      id: "numpy",
      image: {
        width,
        height,
        channels: 3,
        depth: 8,
        data: Uint8Array.from(image),
      },
      labels: {
        width,
        height,
        data: Uint32Array.from(
          { length: width * height },
          (_, pixel) => image[pixel * 3]!,
        ),
      },
    };
    const [tile] = tilesOf(width, height, size);
    const cut = cutTile(sample, tile!);
    assertEquals([...cut.image.data], padded);
    assertEquals(
      [...cut.labels.data],
      padded.filter((_, index) => index % 3 === 0),
    );
  }
});

Deno.test("cutTile() takes exactly the window's pixels when the tile lies inside", () => {
  for (const channels of [1, 3, 4] as const) {
    for (const depth of [8, 16, 32] as const) {
      const sample = numbered(9, 7, channels, depth);
      for (const tile of tilesOf(9, 7, 4)) {
        const cut = cutTile(sample, tile);
        assertEquals(cut.image.depth, depth);
        for (let pixel = 0; pixel < 16; pixel++) {
          const from = (tile.y + (pixel >> 2)) * 9 + tile.x + (pixel & 3);
          assertEquals(cut.labels.data[pixel], from);
          for (let channel = 0; channel < channels; channel++) {
            assertEquals(
              cut.image.data[pixel * channels + channel],
              sample.image.data[from * channels + channel],
            );
          }
        }
      }
    }
  }
});

Deno.test("cutTile() leaves its input alone and shares no memory with it", () => {
  const sample = numbered(4, 4);
  const cut = cutTile(sample, tilesOf(4, 4, 4)[0]!);
  cut.image.data.fill(0);
  cut.labels.data.fill(0);
  assertEquals(sample, numbered(4, 4));
});

Deno.test("cutTile() throws when the tile reaches out of the image", () => {
  const tile = { ...tilesOf(8, 8, 8)[0]!, x: 1 };
  assertThrows(
    () => cutTile(numbered(8, 8), tile),
    RangeError,
    'Cannot cut tile of "numbered": found 8×8 at 1,0, expected a place within 8×8',
  );
});
