import { assertEquals, assertThrows } from "@std/assert";
import type { Image } from "@unet/data";
import { drawOverlay } from "./draw_overlay.ts";

const yellow = [255, 225, 0];

function gray(rows: string[], values: Record<string, number>): Image {
  const data = Uint8Array.from(rows.join(""), (letter) => values[letter]!);
  const width = rows[0]!.length, height = rows.length;
  return { width, height, channels: 1, depth: 8, data };
}

/**
 * `#` for the line, `-` for its casing, `+` for the tint, `.` for the image as
 * it was.
 */
function draw(image: Image, mask: Image): string[] {
  const { data } = drawOverlay(image, mask);
  return Array.from(
    { length: image.height },
    (_, y) =>
      Array.from({ length: image.width }, (_, x) => {
        const at = (y * image.width + x) * 3,
          pixel = [...data.subarray(at, at + 3)];
        const value = image.data[y * image.width + x]!;
        if (pixel.join() === yellow.join()) return "#";
        if (pixel.every((channel) => channel === value / 5)) return "-";
        return pixel.every((channel) => channel === value) ? "." : "+";
      }).join(""),
  );
}

Deno.test("drawOverlay() outlines objects on their outermost pixels, with a casing around and a tint inside", () => {
  const mask = gray([
    "........",
    ".oooo...",
    ".ooooo..",
    ".ooooo.o",
    ".oooo...",
    "........",
  ], { ".": 0, o: 255 });
  const image = { ...mask, data: new Uint8Array(48).fill(180) };
  assertEquals(draw(image, mask), [
    "------..",
    "-####--.",
    "-#+++#--",
    "-#+++#-#",
    "-####---",
    "------..",
  ]);
  const { data } = drawOverlay(image, mask);
  assertEquals(
    [...data.subarray((2 * 8 + 2) * 3).subarray(0, 3)],
    yellow.map((channel) => Math.round(180 + 0.1 * (channel - 180))),
  );
});

Deno.test("drawOverlay() leaves the outline open at the image's edge", () => {
  const mask = gray(["ooo.", "ooo.", "...."], { ".": 0, o: 1 });
  const image = { ...mask, data: new Uint8Array(12).fill(200) };
  assertEquals(draw(image, mask), ["++#-", "###-", "----"]);
});

Deno.test("drawOverlay() draws thicker on large images", () => {
  const row = (pixels: number) =>
    ({
      width: pixels,
      height: 1,
      channels: 1,
      depth: 8,
      data: new Uint8Array(pixels).fill(255, 5, 15),
    }) as const;
  const outline = (pixels: number) => {
    const image = { ...row(pixels), data: new Uint8Array(pixels).fill(200) };
    return draw(image, row(pixels))[0]!.slice(4, 16);
  };
  assertEquals(outline(1000), "-#++++++++#-");
  assertEquals(outline(1001), "-##++++++##-");
});

Deno.test("drawOverlay() shows 16 bits as the network sees them", () => {
  const image = {
    width: 2,
    height: 1,
    channels: 1,
    depth: 16,
    data: new Uint16Array([100, 900]),
  } as const;
  const mask = { ...image, depth: 8, data: new Uint8Array(2) } as const;
  assertEquals(
    drawOverlay(image, mask).data,
    new Uint8Array([0, 0, 0, 255, 255, 255]),
  );
});

Deno.test("drawOverlay() refuses a mask of another size or with colors", () => {
  const image = gray(["..", ".."], { ".": 200 });
  assertThrows(
    () => drawOverlay(image, gray(["...", "..."], { ".": 0 })),
    RangeError,
    "Cannot draw overlay: found a mask of 3×2×1, expected 2×2×1 as its image",
  );
  assertThrows(
    () =>
      drawOverlay(image, {
        ...image,
        channels: 3,
        data: new Uint8Array(12),
      }),
    RangeError,
    "found a mask of 2×2×3",
  );
});
