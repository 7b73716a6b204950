import type { Values } from "./values.ts";

/** What a pixel is on an overlay. */
export type Stroke = "line" | "casing" | "inside" | "outside";

/** How outlines are drawn. */
export interface StrokeStyle {
  /** Pixels that line and casing are wide. */
  readonly reach: number;
  /** Whether each label is an object of its own; else what is not 0 is one. */
  readonly byLabel: boolean;
}

/**
 * What is drawn on each pixel so that outlines show on any image: a light line
 * on each object's outermost pixels, and a dark casing on the pixels around it.
 * Where two objects touch, the casing is on the outermost pixels of the one
 * with the larger label, so that a line and a casing separate them.
 */
export class Strokes {
  readonly #objects: Values;
  readonly #width: number;
  readonly #height: number;
  readonly #reach: number;
  readonly #byLabel: boolean;
  /** 1 where an object is within reach on the pixel's own row. */
  readonly #near: Uint8Array;

  /**
   * @param objects Labels or a mask, whole rows; 0 is background.
   * @param width Pixels per row.
   * @param style How outlines are drawn.
   */
  constructor(objects: Values, width: number, style: StrokeStyle) {
    this.#objects = objects;
    this.#width = width;
    this.#height = objects.length / width;
    this.#reach = style.reach;
    this.#byLabel = style.byLabel;
    this.#near = nearOnRow(objects, width, style.reach);
  }

  /** The stroke of the pixel in a column and a row. */
  at(x: number, y: number): Stroke {
    const objects = this.#objects, width = this.#width, reach = this.#reach;
    const at = y * width + x, own = objects[at]!;
    const above = Math.min(reach, y);
    const below = Math.min(reach, this.#height - 1 - y);
    if (own === 0) {
      const near = this.#near, end = at + below * width;
      for (let place = at - above * width; place <= end; place += width) {
        if (near[place] === 1) return "casing";
      }
      return "outside";
    }
    const left = Math.min(reach, x), right = Math.min(reach, width - 1 - x);
    const row = this.#along(at, own, left, right, 1);
    if (row === "casing") return row;
    const column = this.#along(at, own, above, below, width);
    return column === "inside" ? row : column;
  }

  /** The stroke of an object's pixel, by those in one direction. */
  #along(
    at: number,
    own: number,
    before: number,
    behind: number,
    step: number,
  ): Stroke {
    const objects = this.#objects;
    let stroke: Stroke = "inside";
    const end = at + behind * step;
    for (let place = at - before * step; place <= end; place += step) {
      const other = objects[place]!;
      if (other === own) continue;
      if (other === 0) stroke = "line";
      else if (this.#byLabel) {
        if (other < own) return "casing";
        stroke = "line";
      }
    }
    return stroke;
  }
}

function nearOnRow(objects: Values, width: number, reach: number): Uint8Array {
  const near = new Uint8Array(objects.length);
  for (let start = 0; start < objects.length; start += width) {
    const end = start + width;
    for (let at = start, until = -1; at < end; at++) {
      if (objects[at] !== 0) {
        if (until < at) near.fill(1, Math.max(start, at - reach), at);
        until = at + reach;
      }
      if (at <= until) near[at] = 1;
    }
  }
  return near;
}
