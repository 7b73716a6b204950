import type { Size } from "@unet/data";
import type { Points } from "./spans.ts";

/**
 * The pixels along a line, each next to the one before by a side: nothing
 * slips through between two of them, not even by a corner.
 *
 * @param size The size of the image; what lies beyond is left out.
 * @param points Where the line leads, at least one.
 * @returns The places of the pixels among all of the image.
 */
export function linePixels({ width, height }: Size, points: Points): number[] {
  const pixels: number[] = [];
  const add = (x: number, y: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const pixel = y * width + x;
    if (pixels.at(-1) !== pixel) pixels.push(pixel);
  };
  let x = points[0]!, y = points[1]!;
  add(x, y);
  for (let at = 2; at < points.length; at += 2) {
    const endX = points[at]!, endY = points[at + 1]!;
    const columns = Math.abs(endX - x), rows = Math.abs(endY - y);
    const right = Math.sign(endX - x), down = Math.sign(endY - y);
    for (let column = 0, row = 0; column < columns || row < rows;) {
      // Whichever step stays nearer to the straight line.
      if ((1 + 2 * column) * rows < (1 + 2 * row) * columns) {
        x += right;
        column++;
      } else {
        y += down;
        row++;
      }
      add(x, y);
    }
  }
  return pixels;
}
