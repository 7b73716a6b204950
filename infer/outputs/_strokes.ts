import type { Values } from "./values.ts";

/** What a pixel is on an overlay. */
export type Stroke = "line" | "casing" | "inside" | "outside";

/** How outlines are drawn. */
export interface StrokeStyle {
  /** Pixels that the line is wide; the casing has one. */
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
  /** 1 on objects and on the pixels beside them on their rows. */
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
    this.#near = nearOnRow(objects, width);
  }

  /** The stroke of the pixel in a column and a row. */
  at(x: number, y: number): Stroke {
    const objects = this.#objects, width = this.#width, reach = this.#reach;
    const at = y * width + x, own = objects[at]!, last = this.#height - 1;
    if (own === 0) {
      const near = this.#near;
      const isNear = near[at] === 1 || y > 0 && near[at - width] === 1 ||
        y < last && near[at + width] === 1;
      return isNear ? "casing" : "outside";
    }
    const above = Math.min(reach, y), below = Math.min(reach, last - y);
    const left = Math.min(reach, x), right = Math.min(reach, width - 1 - x);
    const row = this.#along(at, left, right, 1);
    if (row === "casing") return row;
    const column = this.#along(at, above, below, width);
    return column === "inside" ? row : column;
  }

  /** The stroke of an object's pixel, by those in one direction. */
  #along(
    at: number,
    before: number,
    behind: number,
    step: number,
  ): Stroke {
    const objects = this.#objects, own = objects[at]!;
    let stroke: Stroke = "inside";
    const end = at + behind * step;
    for (let place = at - before * step; place <= end; place += step) {
      const other = objects[place]!;
      if (other === own) continue;
      if (other === 0) stroke = "line";
      else if (this.#byLabel) {
        if (other < own && Math.abs(place - at) === step) return "casing";
        stroke = "line";
      }
    }
    return stroke;
  }
}

function nearOnRow(objects: Values, width: number): Uint8Array {
  const near = new Uint8Array(objects.length);
  for (let start = 0; start < objects.length; start += width) {
    const end = start + width;
    for (let at = start; at < end; at++) {
      if (objects[at] === 0) continue;
      near[at] = 1;
      if (at > start) near[at - 1] = 1;
      if (at + 1 < end) near[at + 1] = 1;
    }
  }
  return near;
}
