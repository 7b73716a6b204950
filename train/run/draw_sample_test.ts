import { assertEquals, assertThrows } from "@std/assert";
import { drawSample, sampleColors, type SampleTile } from "./draw_sample.ts";

/** Two rows of four: each mask and prediction there is, on black and on gray. */
const tile: SampleTile = {
  width: 4,
  height: 2,
  x: Float32Array.from({ length: 24 }, (_, i) => i < 12 ? 0 : 0.6),
  y: new Float32Array([1, 0, 1, 0, 1, 0, 1, 0]),
  logits: new Float32Array([2, 0.1, -1, -0.1, 1e9, 5, 0, -1e9]),
};

/** Pixels are enlarged to squares of this side, panels are 4 pixels apart. */
const factor = 36, panel = 4 * factor, line = 17;

const image = drawSample(tile);

/** The picture's red, green and blue at a place. */
function at(x: number, y: number): number[] {
  const start = 3 * (y * image.width + x);
  return [...image.data.subarray(start, start + 3)];
}

/** The colors of a panel's pixels, row by row; the first panel is 0. */
function panelOf(number: number): number[][] {
  return Array.from({ length: 8 }, (_, pixel) => {
    const [x, y] = [pixel % 4, Math.floor(pixel / 4)];
    const left = number * (panel + 4) + x * factor, top = line + y * factor;
    const color = at(left, top);
    assertEquals(at(left + factor - 1, top + factor - 1), color);
    return color;
  });
}

const black = [0, 0, 0], gray = [153, 153, 153];

/** A color over black, and over gray. */
function tinted(name: keyof typeof sampleColors): [number[], number[]] {
  const color = sampleColors[name];
  return [
    color.map((value) => Math.round(0.55 * value)),
    color.map((value) => Math.round(153 + 0.55 * (value - 153))),
  ];
}

Deno.test("drawSample() has four panels with room for captions and a legend", () => {
  const { width, height, channels, depth } = image;
  assertEquals([width, height], [4 * panel + 3 * 4, line + 2 * factor + line]);
  assertEquals([channels, depth], [3, 8]);
  // A large tile is drawn as it is.
  const pixels = 200 * 150;
  const large = drawSample({
    ...{ width: 200, height: 150, x: new Float32Array(3 * pixels) },
    ...{ y: new Float32Array(pixels), logits: new Float32Array(pixels) },
  });
  assertEquals([large.width, large.height], [4 * 200 + 12, 150 + 2 * line]);
});

Deno.test("drawSample() shows the tile as it is, then the ground truth and the prediction", () => {
  const [b, g] = [black, gray];
  assertEquals(panelOf(0), [b, b, b, b, g, g, g, g]);
  const [t, T] = tinted("missed");
  assertEquals(panelOf(1), [t, b, t, b, T, g, T, g]);
  const [p, P] = tinted("surplus");
  assertEquals(panelOf(2), [p, p, b, b, P, P, g, g]);
});

Deno.test("drawSample() shows where both agree, what was missed and what is surplus", () => {
  const [f, F] = tinted("found"), [m, M] = tinted("missed");
  const [s, S] = tinted("surplus");
  assertEquals(panelOf(3), [f, s, m, black, F, S, M, gray]);
});

Deno.test("drawSample() has a square of each color in the legend, and words in black", () => {
  const colors = new Map<string, number>();
  for (let y = image.height - line; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const color = `${at(x, y)}`;
      colors.set(color, (colors.get(color) ?? 0) + 1);
    }
  }
  const names = Object.values(sampleColors).map(String);
  assertEquals(
    [...colors.keys()].toSorted(),
    [...names, "0,0,0", "255,255,255"].toSorted(),
  );
  assertEquals(names.map((name) => colors.get(name)), [49, 49, 49]);
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
