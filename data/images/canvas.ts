/**
 * A picture with text and filled rectangles. Runs in a browser.
 *
 * @module
 */
import { captionHeight, captionWidth, inkOf } from "./pixel_font.ts";
import type { Image } from "../types.ts";

export { captionHeight, captionWidth };

/** How large text is written. */
export interface WriteOptions {
  /** Pixels per dot of the font, a whole number; 1 by default. */
  readonly scale?: number;
}

/**
 * A picture to draw on, white at first. What is beyond its edges is left out.
 *
 * @example
 * ```ts
 * import { Canvas } from "@unet/data/canvas";
 * import { assertEquals } from "@std/assert";
 *
 * const canvas = new Canvas(2, 1);
 * canvas.fill({ x: 1, y: 0, width: 5, height: 1 }, [200, 0, 0]);
 * assertEquals([...canvas.image.data], [255, 255, 255, 200, 0, 0]);
 * ```
 */
export class Canvas {
  /** The picture, of 8 bits: red, green and blue. */
  readonly image: Image;

  /**
   * Begins a picture.
   *
   * @param width Pixels per row.
   * @param height Rows.
   */
  constructor(width: number, height: number) {
    const data = new Uint8Array(width * height * 3).fill(255);
    this.image = { width, height, channels: 3, depth: 8, data };
  }

  /** Colors a pixel. */
  set(x: number, y: number, color: readonly number[]): void {
    const { width, height, data } = this.image;
    if (x < width && y < height) data.set(color, 3 * (y * width + x));
  }

  /** Fills a rectangle. */
  fill(
    { x, y, width, height }: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    },
    color: readonly number[],
  ): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) {
        this.set(column, row, color);
      }
    }
  }

  /** Writes a line of text in black, its top left at a pixel. */
  write(
    text: string,
    [left, top]: readonly [number, number],
    { scale = 1 }: WriteOptions = {},
  ): void {
    for (const [x, y] of inkOf(text)) {
      this.fill({
        ...{ x: left + scale * x, y: top + scale * y },
        ...{ width: scale, height: scale },
      }, [0, 0, 0]);
    }
  }
}
