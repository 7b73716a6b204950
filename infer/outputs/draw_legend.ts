import { Canvas, captionHeight, captionWidth } from "@unet/data/canvas";
import type { Image } from "@unet/data";
import type { ClassStyle } from "./class_color.ts";

/** How a legend is drawn. */
export interface LegendOptions {
  /** The columns that it may take; more where one name needs more. */
  readonly width: number;
  /** Pixels per dot of its font; 1 by default. */
  readonly scale?: number;
}

/** Dots of the font around entries, and from a color to its name. */
const gap = 4, beside = 3;

/** Dots of the font that a color's square is wide and high. */
const swatch = captionHeight - 2;

/** An entry, and where it is in dots of the font. */
interface Entry {
  readonly style: ClassStyle;
  readonly x: number;
  readonly y: number;
}

/**
 * Draws colors and what they stand for, side by side, in as many lines as they
 * take.
 *
 * @param styles The names and colors.
 * @param options How wide it may be, and how large.
 * @returns An 8-bit RGB image on white.
 *
 * @example
 * ```ts
 * import { classStyles, drawLegend } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const [, ...shown] = classStyles(["background", "axon", "myelin"]);
 * const { width, height, data } = drawLegend(shown, { width: 200 });
 * assertEquals([width, height], [200, 17]);
 * // The first square, in the color of axons.
 * const at = 3 * (5 * width + 5);
 * assertEquals([...data.subarray(at, at + 3)], [230, 159, 0]);
 * ```
 */
export function drawLegend(
  styles: readonly ClassStyle[],
  { width, scale = 1 }: LegendOptions,
): Image {
  const { entries, columns, rows } = layOut(styles, Math.floor(width / scale));
  const canvas = new Canvas(Math.max(width, columns * scale), rows * scale);
  const side = swatch * scale;
  for (const { style: { name, color }, x, y } of entries) {
    const place = { x: x * scale, y: y * scale, width: side, height: side };
    canvas.fill(place, color);
    canvas.write(name, [place.x + side + beside * scale, place.y], { scale });
  }
  return canvas.image;
}

/** Where entries lie, in dots of the font. */
function layOut(
  styles: readonly ClassStyle[],
  width: number,
): { entries: Entry[]; columns: number; rows: number } {
  const entries: Entry[] = [];
  let x = gap, y = gap, columns = 0;
  for (const style of styles) {
    const length = swatch + beside + captionWidth(style.name);
    if (x > gap && x + length + gap > width) {
      x = gap;
      y += captionHeight + gap;
    }
    entries.push({ style, x, y });
    columns = Math.max(columns, x + length + gap);
    x += length + 3 * gap;
  }
  return { entries, columns, rows: y + captionHeight + gap };
}
