import { unlabeled } from "@unet/data/class-target";
import { labelColor } from "@unet/infer/label-color";

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
 */
export function drawLabels(
  { width, height, data }: BorderedLabels,
  style: DrawnStyle,
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
        const [red, green, blue] = labelColor(label);
        color = (0xff000000 | blue << 16 | green << 8 | red) >>> 0;
        colors.set(label, color);
      }
      pixels[to] = color;
    }
  }
  return image;
}
