import type { Image } from "@unet/data";
import { type IntensityRange, toRgb8 } from "@unet/data/rgb8";
import type { AxisWindow } from "./window_plan.ts";
import type { PixelSource } from "./pixel_source.ts";

/** Pixels that are read at once, at most, where a row has fewer. */
const readPixels = 2 ** 22;

/**
 * The rows of an image that a row of windows sees, as 8-bit RGB. Moving on
 * reads the rows alone that were not there before.
 */
export class Strip {
  readonly #source: PixelSource;
  readonly #range: IntensityRange;
  #first = 0;
  #rows = 0;
  #data: Uint8Array = new Uint8Array(0);

  /**
   * Prepares to read; reads nothing yet.
   *
   * @param source The image.
   * @param range The values that become black and white.
   */
  constructor(source: PixelSource, range: IntensityRange) {
    this.#source = source;
    this.#range = range;
  }

  /**
   * Moves on to other rows, as those of the next windows.
   *
   * @param sources The image's rows that are wanted, in any order.
   */
  async moveTo(sources: Int32Array): Promise<void> {
    let first = Infinity, end = 0;
    for (const source of sources) {
      first = Math.min(first, source);
      end = Math.max(end, source + 1);
    }
    const line = this.#source.width * 3, rows = end - first;
    const held = this.#first + this.#rows;
    const kept = first >= this.#first && first < held
      ? Math.min(held, end) - first
      : 0;
    const { buffer } = this.#data;
    const from = (first - this.#first) * line;
    if (buffer.byteLength < rows * line) {
      const data = new Uint8Array(rows * line);
      data.set(this.#data.subarray(from, from + kept * line));
      this.#data = data;
    } else if (kept > 0) {
      this.#data.copyWithin(0, from, from + kept * line);
    }
    this.#first = first;
    this.#rows = rows;
    const { width } = this.#source;
    const atOnce = Math.max(1, Math.floor(readPixels / width));
    for (let y = first + kept; y < end; y += atOnce) {
      const image = await this.#read(y, Math.min(atOnce, end - y));
      this.#data.set(image.data as Uint8Array, (y - first) * line);
    }
  }

  async #read(y: number, height: number): Promise<Image> {
    const { width } = this.#source;
    return toRgb8(await this.#source.read(0, y, width, height), this.#range);
  }

  /**
   * Copies a window: red, green, blue in 0…1.
   *
   * @param column Which columns.
   * @param row Which rows; among those moved to.
   * @param window Where to, laid out as `[rows, columns, 3]`.
   */
  cut(column: AxisWindow, row: AxisWindow, window: Float32Array): void {
    const { width } = this.#source, data = this.#data;
    let to = 0;
    for (const source of row.sources) {
      const line = (source - this.#first) * width;
      for (const at of column.sources) {
        const from = (line + at) * 3;
        window[to++] = data[from]! / 255;
        window[to++] = data[from + 1]! / 255;
        window[to++] = data[from + 2]! / 255;
      }
    }
  }
}
