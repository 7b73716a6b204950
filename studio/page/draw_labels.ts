import { unlabeled } from "@unet/data/class-target";
import { labelColor } from "@unet/infer/label-color";
import { pixelOf } from "./classes/object_classes.ts";

/** How objects are drawn. */
export type DrawnStyle = "outlines" | "fills";

/** Labels of a tile, with a border of one pixel all around. */
export interface BorderedLabels {
  /** Pixels per row, the border included. */
  readonly width: number;
  /** Rows, the border included. */
  readonly height: number;
  /** Row by row; 0 is background. */
  readonly data: Uint32Array;
}

/** Unlabeled regions have stripes of so many pixels, which tiles continue. */
const stripe = 8;

/** The colors of the stripes. */
const hatched = 0xc8b4b4b4, between = 0x5ab4b4b4;

/**
 * Draws labels without their border: each object in its color, whole or as a
 * line of one pixel along its inner edge. What is unlabeled is hatched.
 *
 * @param labels The labels.
 * @param style How objects are drawn.
 * @param colorOf The color of a label as a pixel, 0 for one that is not drawn;
 * a color of its own by default.
 */
export function drawLabels(
  { width, height, data }: BorderedLabels,
  style: DrawnStyle,
  colorOf: (label: number) => number = (label) => pixelOf(labelColor(label)),
): ImageData {
  const image = new ImageData(width - 2, height - 2);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = new Map<number, number>();
  let to = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++, to++) {
      const at = y * width + x, label = data[at]!;
      if (label === 0) continue;
      if (label === unlabeled) {
        pixels[to] = (x + y) % stripe < stripe / 2 ? hatched : between;
        continue;
      }
      const isEdge = data[at - 1] !== label || data[at + 1] !== label ||
        data[at - width] !== label || data[at + width] !== label;
      if (style === "outlines" && !isEdge) continue;
      let color = colors.get(label);
      if (color === undefined) {
        color = colorOf(label);
        colors.set(label, color);
      }
      pixels[to] = color;
    }
  }
  return image;
}
