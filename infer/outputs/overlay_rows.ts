import { checkSize } from "./_check_size.ts";
import { RowCount } from "./_row_count.ts";
import { Strokes } from "./_strokes.ts";
import { classColor, type Color } from "./class_color.ts";
import { labelColor } from "./label_color.ts";
import type { Values } from "./values.ts";

/**
 * The colors of overlays: one for all objects, one per instance, or one per
 * class.
 */
export type OverlayStyle = "mask" | "instances" | "classes";

/** Yellow is far from the purple of stained tissue, and from black. */
const maskColor: Color = [255, 225, 0];

/** How much of the color covers the inside of an object; little, to see it. */
const fill = { mask: 0.1, instances: 0.25, classes: 0.35 } as const;

/** How an overlay is drawn besides. */
export interface OverlayRowsOptions {
  /**
   * The color of each object by its value, for objects with colors of their
   * own; by default that of the style.
   */
  readonly colorOf?: (value: number) => Color;
}

/** The color of an object, by its value. */
const stylesColor = {
  mask: () => maskColor,
  instances: labelColor,
  classes: classColor,
} as const satisfies Record<OverlayStyle, (value: number) => Color>;

/** How much white is in the line of an object's color; a class has its own. */
const whitened = { mask: 0, instances: 0.6, classes: 0 } as const;

/** How much of the image the dark casing of a line leaves. */
const leftByCasing = 0.2;

/** Images longer than this are looked at from further away. */
const largeImage = 1000;

/**
 * Draws objects on their image, row by row as they come: a light line on each
 * object's outermost pixels, a dark casing on the pixels around it, and a tint
 * inside. Line and casing show on dark and on bright images and on the purple
 * of stained tissue, for color-blind readers too. Each is 1 pixel wide, the line
 * 2 on images longer than 1000 pixels; outlines stay open where an object is cut
 * by the image's edge. Where two objects touch, the casing is on the outermost
 * pixels of the one with the larger label. How the rows are cut changes
 * nothing.
 *
 * Memory holds the one or two rows that wait for those below them, and as many
 * above these.
 *
 * @example
 * ```ts
 * import { OverlayRows } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const overlay = new OverlayRows(1, 2, "mask");
 * const gray = new Uint8Array([200, 200, 200]);
 * assertEquals(overlay.add(gray, new Uint8Array([0])), new Uint8Array());
 * assertEquals(
 *   overlay.add(gray, new Uint8Array([255])),
 *   // A casing, and a line.
 *   new Uint8Array([40, 40, 40, 255, 225, 0]),
 * );
 * ```
 */
export class OverlayRows {
  readonly #width: number;
  readonly #height: number;
  readonly #style: OverlayStyle;
  readonly #colorOf: (value: number) => Color;
  readonly #reach: number;
  readonly #rows: RowCount;
  #drawn = 0;
  /** The rows that are not drawn yet. */
  #pixels: Uint8Array = new Uint8Array();
  /** These rows and those above them that an outline depends on. */
  #objects: Values | undefined;

  /**
   * Begins an image.
   *
   * @param width Pixels per row.
   * @param height Rows.
   * @param style `mask`: what is not 0 is object, all in yellow, outlined where
   * background begins. `instances`: each label in a color of its own
   * ({@linkcode labelColor}), outlined where any other begins. `classes`: the
   * same with each class in its color ({@linkcode classColor}).
   * @param options The colors, where they are others.
   * @throws {RangeError} If a size cannot be.
   */
  constructor(
    width: number,
    height: number,
    style: OverlayStyle,
    { colorOf = stylesColor[style] }: OverlayRowsOptions = {},
  ) {
    checkSize("draw overlay", width, height);
    this.#width = width;
    this.#height = height;
    this.#style = style;
    this.#colorOf = colorOf;
    this.#reach = Math.max(width, height) > largeImage ? 2 : 1;
    this.#rows = new RowCount("draw overlay", width, height);
  }

  /**
   * Adds rows, as many as there are.
   *
   * @param pixels The image's, 8-bit RGB, laid out as `[rows, W, 3]`.
   * @param objects The mask's or the labels, laid out as `[rows, W]`.
   * @returns The rows that are drawn now, 8-bit RGB; the last rows follow when
   * the rows below them, or the image's last, have come.
   * @throws {RangeError} If they are no whole rows, more than there are, or not
   * as many of one as of the other.
   */
  add(pixels: Uint8Array, objects: Values): Uint8Array {
    const width = this.#width;
    if (pixels.length !== objects.length * 3) {
      throw new RangeError(
        `Cannot draw overlay: found ${pixels.length} values of ${objects.length} pixels, expected 3 each`,
      );
    }
    this.#rows.add(objects.length);
    const kept = this.#objects;
    const all = kept ? join(kept, objects) : objects;
    const image = join(this.#pixels, pixels);
    const first = this.#rows.done - all.length / width;
    const end = this.#rows.done === this.#height
      ? this.#height
      : Math.max(this.#drawn, this.#rows.done - this.#reach);
    const count = end - this.#drawn;
    const out = image.slice(0, count * width * 3);
    this.#draw(out, all, this.#drawn - first, count);
    this.#drawn = end;
    this.#pixels = image.slice(count * width * 3);
    const from = Math.max(first, end - this.#reach);
    this.#objects = all.slice((from - first) * width);
    return out;
  }

  /** Draws over rows, of which the first is the given one among the objects. */
  #draw(out: Uint8Array, objects: Values, top: number, rows: number): void {
    const width = this.#width;
    const style = this.#style, inside = fill[style], white = whitened[style];
    const byLabel = style !== "mask";
    const strokes = new Strokes(objects, width, {
      reach: this.#reach,
      byLabel,
    });
    let label = 0, color: Color = maskColor, line: readonly number[] = color;
    for (let y = top, pixel = 0; y < top + rows; y++) {
      for (let x = 0; x < width; x++, pixel++) {
        const stroke = strokes.at(x, y);
        if (stroke === "outside") continue;
        const own = objects[y * width + x]!;
        if (byLabel && own !== 0 && own !== label) {
          color = this.#colorOf(label = own);
          line = color.map((value) =>
            Math.round(value + white * (255 - value))
          );
        }
        for (let channel = 0; channel < 3; channel++) {
          const at = pixel * 3 + channel, value = out[at]!;
          out[at] = stroke === "casing"
            ? Math.round(leftByCasing * value)
            : stroke === "line"
            ? line[channel]!
            : Math.round(value + inside * (color[channel]! - value));
        }
      }
    }
  }
}

function join<Rows extends Values>(first: Rows, second: Rows): Rows {
  const Type = first.constructor as new (length: number) => Rows;
  const out = new Type(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
