import type { Band } from "./band.ts";
import type { AxisWindow } from "./window_plan.ts";

/** Pixels of a band, at most, where a row has fewer. */
const bandPixels = 2 ** 22;

/**
 * What windows have said of rows that are not complete yet. Its memory is used
 * again and again.
 */
export class PendingRows {
  readonly #width: number;
  readonly #outputs: number;
  #first: number;
  /** A plane an output, each `[rows, width]`. */
  #planes: Float32Array[];
  #rows = 0;

  /**
   * Starts with no rows.
   *
   * @param width Pixels a row of the image.
   * @param outputs Values that the network gives a pixel.
   * @param first The first row that is wanted; what is said of those above is
   * passed over.
   */
  constructor(width: number, outputs: number, first: number) {
    this.#width = width;
    this.#outputs = outputs;
    this.#first = first;
    this.#planes = Array.from({ length: outputs }, () => new Float32Array(0));
  }

  /**
   * Makes room for rows.
   *
   * @param end The row behind the last one.
   */
  reach(end: number): void {
    const rows = end - this.#first, count = rows * this.#width;
    if (rows <= this.#rows) return;
    this.#planes = this.#planes.map((plane) => {
      if (plane.length >= count) return plane;
      const longer = new Float32Array(count);
      longer.set(plane);
      return longer;
    });
    this.#rows = rows;
  }

  /**
   * Adds what a window says of the pixels that it decides.
   *
   * @param values The window's values, laid out as `[rows, columns, outputs]`.
   * @param column Which columns.
   * @param row Which rows; there is room for them.
   * @returns A value that is no probability, if there is one.
   */
  add(
    values: Float32Array,
    column: AxisWindow,
    row: AxisWindow,
  ): number | undefined {
    const outputs = this.#outputs, side = column.sources.length;
    for (let r = 0; r < row.length; r++) {
      const y = row.start + r - this.#first;
      const from = ((row.inset + r) * side + column.inset) * outputs;
      const line = values.subarray(from, from + column.length * outputs);
      for (const value of line) {
        // Also false for NaN.
        if (!(value >= 0 && value <= 1)) return value;
      }
      if (y < 0) continue;
      const to = y * this.#width + column.start;
      for (let output = 0; output < outputs; output++) {
        const plane = this.#planes[output]!;
        if (column.weights && row.weights) {
          const weight = row.weights[r]!;
          for (let c = 0; c < column.length; c++) {
            plane[to + c]! += weight * column.weights[c]! *
              line[c * outputs + output]!;
          }
        } else if (outputs === 1) {
          plane.set(line, to);
        } else {
          for (let c = 0; c < column.length; c++) {
            plane[to + c] = line[c * outputs + output]!;
          }
        }
      }
    }
    return undefined;
  }

  /**
   * Takes the rows off that no window will add to any more.
   *
   * @param end The row behind the last one.
   * @returns The rows, a few at a time, so that what is made of them is small.
   */
  *take(end: number): Generator<Band, void, void> {
    const width = this.#width, top = this.#first;
    const atOnce = Math.max(1, Math.floor(bandPixels / width));
    for (let y = top; y < end; y += atOnce) {
      const height = Math.min(atOnce, end - y);
      const [probability, boundary] = this.#planes.map((plane) => {
        const from = (y - top) * width;
        const taken = plane.slice(from, from + height * width);
        // Weights sum up to 1 but for rounding.
        for (let at = 0; at < taken.length; at++) {
          if (taken[at]! > 1) taken[at] = 1;
        }
        return taken;
      });
      const band = { y, height, width, probability: probability! };
      yield boundary ? { ...band, boundary } : band;
    }
    if (end > top) this.#forget(end);
  }

  #forget(end: number): void {
    const gone = (end - this.#first) * this.#width;
    const used = this.#rows * this.#width;
    for (const plane of this.#planes) {
      plane.copyWithin(0, gone, used);
      plane.fill(0, used - gone);
    }
    this.#rows -= end - this.#first;
    this.#first = end;
  }
}
