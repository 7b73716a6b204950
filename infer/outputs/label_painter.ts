import type { Instance, InstanceBand } from "../instances/instance.ts";
import { checkInstance } from "./_check_instance.ts";

/** Rows that are painted at once, so that a tall object takes no more memory. */
const atOnce = 256;

/**
 * Paints objects as rows of labels, each row as soon as all that touch it are
 * known. Keeps those objects alone that reach beyond the complete rows.
 *
 * @example
 * ```ts
 * import { LabelPainter } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const painter = new LabelPainter(3, 2);
 * const instance = {
 *   label: 7,
 *   x: 1,
 *   y: 0,
 *   width: 1,
 *   height: 2,
 *   mask: new Uint8Array([1, 1]),
 *   probability: 0.9,
 * };
 * const rows = [...painter.add({ instances: [instance], rows: 2 })];
 * assertEquals(rows, [new Uint32Array([0, 7, 0, 0, 7, 0])]);
 * ```
 */
export class LabelPainter {
  readonly #width: number;
  readonly #height: number;
  #pending: Instance[] = [];
  #complete = 0;
  #painted = 0;

  /**
   * Begins an image.
   *
   * @param width Pixels per row.
   * @param height Rows.
   */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /** How many objects wait for their last rows. */
  get pending(): number {
    return this.#pending.length;
  }

  /**
   * Takes what a band completed.
   *
   * @param band The objects, and how many rows are complete.
   * @returns The labels of the rows that are complete now, painted as they are
   * asked for, at most 256 rows at once; those that nobody asks for come with
   * the next band.
   * @throws {RangeError} If an object lies beyond the image or in rows that
   * were complete before, or the complete rows become fewer.
   */
  add(band: InstanceBand): Iterable<Uint32Array> {
    const { instances, rows } = band;
    if (
      !Number.isInteger(rows) || rows < this.#complete || rows > this.#height
    ) {
      throw new RangeError(
        `Cannot paint labels: found ${rows} complete rows, expected ${this.#complete} to ${this.#height}`,
      );
    }
    for (const instance of instances) {
      checkInstance("paint object", instance);
      const { label, x, y, width, height } = instance;
      if (x + width > this.#width || y + height > this.#height) {
        throw new RangeError(
          `Cannot paint object ${label}: found it to end at (${x + width}, ${
            y + height
          }), expected it within ${this.#width}×${this.#height}`,
        );
      }
      if (y < this.#complete) {
        throw new RangeError(
          `Cannot paint object ${label}: found it to begin in row ${y}, expected none above ${this.#complete} any more`,
        );
      }
    }
    this.#pending = this.#pending.concat(instances);
    this.#complete = rows;
    return this.#paint();
  }

  *#paint(): Generator<Uint32Array> {
    const width = this.#width;
    while (this.#painted < this.#complete) {
      const top = this.#painted;
      const bottom = Math.min(this.#complete, top + atOnce);
      const labels = new Uint32Array((bottom - top) * width);
      for (
        const { label, x, y, width: columns, height, mask } of this.#pending
      ) {
        const end = Math.min(bottom, y + height);
        for (let row = Math.max(top, y); row < end; row++) {
          const from = (row - y) * columns, to = (row - top) * width + x;
          for (let column = 0; column < columns; column++) {
            if (mask[from + column] === 1) labels[to + column] = label;
          }
        }
      }
      this.#pending = this.#pending.filter(({ y, height }) =>
        y + height > bottom
      );
      this.#painted = bottom;
      yield labels;
    }
  }
}
