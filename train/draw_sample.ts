import type { Image } from "@unet/data";
import { cannot } from "@unet/errors";

/** One tile with its mask and what the network made of it. */
export interface SampleTile {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Red, green, blue in 0…1, `[H, W, 3]`. */
  readonly x: Float32Array;
  /** The mask, 0 or 1, `[H, W]`. */
  readonly y: Float32Array;
  /** Logits `[H, W]`; above 0 is object. */
  readonly logits: Float32Array;
}

/** Colors of what agrees and what does not, as red, green, blue in 0…1. */
const found = [0.1, 0.9, 0.3], surplus = [1, 0.2, 0.1], missed = [0.2, 0.5, 1];

/** How much of a tint covers the pixel. */
const opacity = 0.45;

/** Pixels between the two halves. */
const gap = 4;

/**
 * Draws a tile beside itself with the prediction tinted: green where mask and
 * prediction agree on an object, red where only the prediction has one, blue
 * where only the mask has.
 *
 * @param tile The tile.
 * @returns An image of twice the width and a white gap of 4 pixels, 8 bits,
 * three channels.
 * @throws {RangeError} If the values are not as many as the size asks for.
 *
 * @example
 * ```ts
 * import { drawSample } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const image = drawSample({
 *   width: 1,
 *   height: 1,
 *   x: new Float32Array([0, 0, 0]),
 *   y: new Float32Array([1]),
 *   logits: new Float32Array([-3]),
 * });
 * assertEquals(image.width, 6);
 * assertEquals([...image.data.slice(-3)], [23, 57, 115]);
 * ```
 */
export function drawSample(tile: SampleTile): Image {
  const { width, height, x, y, logits } = tile;
  checkLengths(tile);
  const row = 2 * width + gap;
  const data = new Uint8Array(row * height * 3).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const tint = tintOf(y[pixel]! > 0.5, logits[pixel]! > 0);
    const left = (Math.floor(pixel / width) * row + pixel % width) * 3;
    const right = left + (width + gap) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const value = x[pixel * 3 + channel]!;
      data[left + channel] = Math.round(255 * value);
      data[right + channel] = Math.round(
        255 * (tint ? value * (1 - opacity) + tint[channel]! * opacity : value),
      );
    }
  }
  return { width: row, height, channels: 3, depth: 8, data };
}

function checkLengths({ width, height, x, y, logits }: SampleTile): void {
  const found = [x, y, logits].map(({ length }) => length);
  const expected = [3, 1, 1].map((channels) => width * height * channels);
  if (`${found}` === `${expected}`) return;
  throw new RangeError(
    cannot("draw", "sample of size", `${width}×${height}`, {
      found: `${found.join(", ")} values`,
      expected: expected.join(", "),
    }),
  );
}

function tintOf(truth: boolean, prediction: boolean): number[] | null {
  if (truth && prediction) return found;
  if (prediction) return surplus;
  return truth ? missed : null;
}
