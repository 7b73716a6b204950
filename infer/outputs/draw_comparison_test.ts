import { assertEquals, assertThrows } from "@std/assert";
import type { Image, Labels } from "@unet/data";
import { comparisonColors, drawComparison } from "./draw_comparison.ts";

const { truth: orange, prediction: blue } = comparisonColors;

/** An image in black. */
function blackOf(width: number, height: number): Image {
  const data = new Uint8Array(width * height);
  return { width, height, channels: 1, depth: 8, data };
}

/** A square of a label. */
function squareOf(
  { width, height }: { width: number; height: number },
  left: number,
  top: number,
  side: number,
): Labels {
  const data = new Uint32Array(width * height);
  for (let y = top; y < top + side; y++) {
    data.fill(7, y * width + left, y * width + left + side);
  }
  return { width, height, data };
}

/** A row of the picture in letters. */
function rowOf({ width, data }: Image, y: number): string {
  return Array.from({ length: width }, (_, x) => {
    const color = [...data.slice(3 * (y * width + x), 3 * (y * width + x + 1))];
    const names = { o: orange, b: blue, ".": [0, 0, 0] };
    return Object.entries(names).find(([, one]) => `${one}` === `${color}`)
      ?.[0] ?? "?";
  }).join("");
}

Deno.test("drawComparison() draws predicted outlines on those that are true", () => {
  const image = blackOf(800, 30), none = squareOf(image, 0, 0, 0);
  const square = squareOf(image, 10, 10, 8);
  const row = (truth: Labels, prediction: Labels): string =>
    rowOf(drawComparison(image, truth, prediction), 14).slice(8, 22);
  assertEquals(row(square, none), "..oo....oo....");
  assertEquals(row(none, square), "..b......b....");
  assertEquals(row(square, square), "..bo....ob....");
  assertEquals(row(square, squareOf(image, 13, 10, 8)), "..oo.b..oo..b.");
});

Deno.test("drawComparison() separates objects that touch", () => {
  const image = blackOf(800, 1);
  const data = new Uint32Array(800);
  data.fill(1, 2, 8);
  data.fill(2, 8, 14);
  const truth = { width: 800, height: 1, data };
  const none = { width: 800, height: 1, data: new Uint32Array(800) };
  const drawn = drawComparison(image, none, truth);
  assertEquals(rowOf(drawn, 0).slice(0, 16), "..b....bb....b..");
});

Deno.test("drawComparison() darkens the background around lines, and nothing else", () => {
  const image = blackOf(800, 30);
  image.data.fill(200);
  const square = squareOf(image, 10, 10, 8);
  const none = squareOf(image, 0, 0, 0);
  const { data } = drawComparison(image, none, square);
  const row = Array.from(
    { length: 14 },
    (_, x) => data[3 * (14 * 800 + x + 7) + 1]!,
  );
  const [line, dark, left] = [blue[1], 40, 200];
  assertEquals(row, [
    ...[left, left, dark, line, left, left, left, left, left, left, line],
    ...[dark, left, left],
  ]);
});

Deno.test("drawComparison() enlarges small images by whole factors", () => {
  for (
    const [width, expected] of [[100, 400], [256, 768], [384, 768], [
      385,
      385,
    ]] as const
  ) {
    const image = blackOf(width, 2), none = squareOf(image, 0, 0, 0);
    const drawn = drawComparison(image, none, none);
    assertEquals(drawn.width, expected);
    assertEquals(drawn.height, 2 * expected / width);
  }
  const data = new Uint16Array([0, 65535]);
  const image = { width: 2, height: 1, channels: 1, depth: 16, data } as const;
  const none = squareOf(image, 0, 0, 0);
  const drawn = drawComparison(image, none, none);
  const row = [...new Array(12).fill(0), ...new Array(12).fill(255)];
  assertEquals([...drawn.data], [...row, ...row, ...row, ...row]);
});

Deno.test("drawComparison() refuses labels of another size", () => {
  const image = blackOf(4, 3), right = squareOf(image, 0, 0, 0);
  const wrong = squareOf({ width: 3, height: 4 }, 0, 0, 0);
  for (const [a, b] of [[right, wrong], [wrong, right]] as const) {
    assertThrows(
      () => drawComparison(image, a, b),
      RangeError,
      "Cannot draw comparison: found labels of 3×4, expected 4×3 as their image",
    );
  }
});
