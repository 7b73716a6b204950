import { assertEquals, assertThrows } from "@std/assert";
import { drawSample, type SampleTile } from "./draw_sample.ts";

/** Two rows of four: each mask and prediction there is, on black and on gray. */
const tile: SampleTile = {
  width: 4,
  height: 2,
  x: Float32Array.from({ length: 24 }, (_, i) => i < 12 ? 0 : 0.6),
  y: new Float32Array([1, 0, 1, 0, 1, 0, 1, 0]),
  logits: new Float32Array([2, 0.1, -1, -0.1, 1e9, 5, 0, -1e9]),
};

/** A pixel's red, green and blue. */
function colorAt(row: number, column: number): number[] {
  const { width, data } = drawSample(tile);
  const start = 3 * (row * width + column);
  return [...data.subarray(start, start + 3)];
}

Deno.test("drawSample() shows the tile as it is on the left", () => {
  const { width, height, channels, depth, data } = drawSample(tile);
  assertEquals([width, height, channels, depth], [12, 2, 3, 8]);
  assertEquals(data.length, 12 * 2 * 3);
  for (let column = 0; column < 4; column++) {
    assertEquals(colorAt(0, column), [0, 0, 0]);
    assertEquals(colorAt(1, column), [153, 153, 153]);
  }
});

Deno.test("drawSample() leaves a white gap of four pixels", () => {
  for (let column = 4; column < 8; column++) {
    assertEquals(colorAt(0, column), [255, 255, 255]);
    assertEquals(colorAt(1, column), [255, 255, 255]);
  }
});

Deno.test("drawSample() tints agreement green, surplus red, what was missed blue, and leaves the ground", () => {
  // 0.45 of the tint on black.
  assertEquals([8, 9, 10, 11].map((column) => colorAt(0, column)), [
    [11, 103, 34],
    [115, 23, 11],
    [23, 57, 115],
    [0, 0, 0],
  ]);
  // And 0.55 of the gray under it.
  assertEquals([8, 9, 10, 11].map((column) => colorAt(1, column)), [
    [96, 187, 119],
    [199, 107, 96],
    [107, 142, 199],
    [153, 153, 153],
  ]);
});

Deno.test("drawSample() leaves its input as it is", () => {
  const before = structuredClone(tile);
  drawSample(tile);
  assertEquals(tile, before);
});

for (
  const [change, found] of [
    [{ x: tile.x.subarray(1) }, "23, 8, 8"],
    [{ y: new Float32Array(0) }, "24, 0, 8"],
    [{ logits: new Float32Array(9) }, "24, 8, 9"],
    [{ x: tile.y, y: tile.x }, "8, 24, 8"],
  ] as const
) {
  Deno.test(`drawSample() refuses ${found} values`, () => {
    const error = assertThrows(
      () => drawSample({ ...tile, ...change }),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot draw sample of size "4×2": found ${found} values, expected 24, 8, 8`,
    );
  });
}
