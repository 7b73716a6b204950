import type { Band } from "./band.ts";
import type { AxisWindow } from "./window_plan.ts";

/** What windows have said of rows that are not complete yet. */
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
    const rows = end - this.#first;
    if (rows <= this.#rows) return;
    this.#planes = this.#planes.map((plane) => {
      const longer = new Float32Array(rows * this.#width);
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
   * @returns The rows, or nothing if there are none.
   */
  take(end: number): Band | undefined {
    const height = end - this.#first, y = this.#first, width = this.#width;
    if (height <= 0) return undefined;
    const [probability, boundary] = this.#planes.map((plane) => {
      const taken = plane.slice(0, height * width);
      // Weights sum up to 1 but for rounding.
      for (let at = 0; at < taken.length; at++) {
        if (taken[at]! > 1) taken[at] = 1;
      }
      return taken;
    });
    this.#planes = this.#planes.map((plane) => plane.slice(height * width));
    this.#rows -= height;
    this.#first = end;
    const band = { y, height, width, probability: probability! };
    return boundary ? { ...band, boundary } : band;
  }
}
