import type { Image } from "@unet/data";
import { Canvas, captionHeight, captionWidth } from "@unet/data/canvas";
import { cannot } from "@unet/errors";

/** One tile with its mask and what the network made of it. */
export interface SampleTile {
  /** Pixels per row. */
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

/**
 * The colors of a sample, red, green and blue in 0…255: of Okabe and Ito's
 * palette for color-blind readers.
 */
export const sampleColors = {
  /** Objects of ground truth and prediction alike. */
  found: [0, 158, 115],
  /** Objects of the ground truth only. */
  missed: [230, 159, 0],
  /** Objects of the prediction only. */
  surplus: [86, 180, 233],
} as const;

type Color = readonly [red: number, green: number, blue: number];

/** How much of a tint covers the pixel. */
const opacity = 0.55;

/** Small tiles are enlarged, so that captions have room. */
const leastPanel = 144;

/** Pixels between panels and around captions. */
const gap = 4;

const captions = ["Input", "Ground truth", "Prediction", "Agreement"] as const;

const legend: readonly (readonly [keyof typeof sampleColors, string])[] = [
  ["found", "found in both"],
  ["missed", "missed by the prediction"],
  ["surplus", "surplus in the prediction"],
];

/**
 * Draws a tile four times, with captions and a legend: as it is, with the
 * ground truth, with the prediction, and with where these agree
 * ({@linkcode sampleColors}).
 *
 * @param tile The tile.
 * @returns An image of 8 bits and three channels. Tiles of less than 144 pixels
 * are enlarged by a whole factor.
 * @throws {RangeError} If the values are not as many as the size asks for.
 *
 * @example
 * ```ts
 * import { drawSample } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const pixels = 256 * 256;
 * const image = drawSample({
 *   width: 256,
 *   height: 256,
 *   x: new Float32Array(3 * pixels),
 *   y: new Float32Array(pixels),
 *   logits: new Float32Array(pixels),
 * });
 * // Four panels and three gaps.
 * assertEquals(image.width, 4 * 256 + 3 * 4);
 * ```
 */
export function drawSample(tile: SampleTile): Image {
  checkLengths(tile);
  const factor = Math.ceil(leastPanel / tile.width);
  const panel = tile.width * factor, line = captionHeight + 2 * gap;
  const width = captions.length * (panel + gap) - gap;
  const height = line + tile.height * factor + line;
  const canvas = new Canvas(width, height);
  captions.forEach((caption, at) => {
    const left = at * (panel + gap);
    canvas.write(caption, [left, gap]);
    for (let y = 0; y < tile.height * factor; y++) {
      for (let x = 0; x < panel; x++) {
        const from = Math.floor(y / factor) * tile.width +
          Math.floor(x / factor);
        canvas.set(left + x, line + y, colorOf(tile, from, caption));
      }
    }
  });
  let left = 0;
  for (const [name, words] of legend) {
    const top = height - line + gap;
    const side = captionHeight - 2;
    const swatch = { x: left, y: top, width: side, height: side };
    canvas.fill(swatch, sampleColors[name]);
    canvas.write(words, [left + captionHeight + 1, top]);
    left += captionHeight + 1 + captionWidth(words) + 4 * gap;
  }
  return canvas.image;
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

/** A pixel of a panel. */
function colorOf(
  { x, y, logits }: SampleTile,
  pixel: number,
  panel: typeof captions[number],
): Color {
  const tint = tintOf(panel, y[pixel]! > 0.5, logits[pixel]! > 0);
  const color = (channel: 0 | 1 | 2): number => {
    const value = 255 * x[pixel * 3 + channel]!;
    return Math.round(
      tint ? value + opacity * (tint[channel] - value) : value,
    );
  };
  return [color(0), color(1), color(2)];
}

function tintOf(
  panel: typeof captions[number],
  truth: boolean,
  prediction: boolean,
): Color | null {
  const { found, missed, surplus } = sampleColors;
  switch (panel) {
    case "Input":
      return null;
    case "Ground truth":
      return truth ? missed : null;
    case "Prediction":
      return prediction ? surplus : null;
    case "Agreement":
      if (truth && prediction) return found;
      if (prediction) return surplus;
      return truth ? missed : null;
  }
}
