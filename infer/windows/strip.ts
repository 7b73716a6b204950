import type { Image, Intensities } from "@unet/data";
import { normalizeChannels } from "@unet/data/channel-values";
import { isPerChannel } from "@unet/data/intensities";
import { toRgb8 } from "@unet/data/rgb8";
import type { AxisWindow } from "./window_plan.ts";
import type { PixelSource } from "./pixel_source.ts";
import type { FittedInput } from "./predict.ts";

/** What the network sees of each value of 8 bits, as division gives it. */
const shares = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** Pixels that are read at once, at most, where a row has fewer. */
const readPixels = 2 ** 20;

/**
 * The rows of an image that a row of windows sees, as 8-bit RGB, or as floats
 * where channels are separate. Moving on reads the rows alone that were not
 * there before.
 */
export class Strip {
  readonly #source: PixelSource;
  readonly #range: Intensities;
  readonly #fitted: FittedInput | undefined;
  #first = 0;
  #rows = 0;
  #data: Uint8Array | Float32Array;
  /** Values per pixel of a window. */
  readonly channels: number;

  /**
   * Prepares to read; reads nothing yet.
   *
   * @param source The image.
   * @param range The values that become black and white, of each channel where
   * channels are separate.
   * @param fitted What the network sees, where it has a normalization of its
   * own.
   */
  constructor(source: PixelSource, range: Intensities, fitted?: FittedInput) {
    this.#source = source;
    this.#range = range;
    this.#fitted = fitted;
    this.channels = fitted?.channels ??
      (isPerChannel(range) ? range.length : 3);
    this.#data = this.#empty(0);
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
    const line = this.#source.width * this.channels, rows = end - first;
    const held = this.#first + this.#rows;
    const kept = first >= this.#first && first < held
      ? Math.min(held, end) - first
      : 0;
    const from = (first - this.#first) * line;
    if (this.#data.length < rows * line) {
      const data = this.#empty(rows * line);
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
      const values = await this.#read(y, Math.min(atOnce, end - y));
      this.#data.set(values, (y - first) * line);
    }
  }

  async #read(y: number, height: number): Promise<Image["data"]> {
    const { width } = this.#source, range = this.#range;
    const image = await this.#source.read(0, y, width, height);
    if (this.#fitted) return this.#fitted.values(image);
    return isPerChannel(range)
      ? normalizeChannels(image, range).data
      : toRgb8(image, range).data;
  }

  #empty(length: number): Uint8Array | Float32Array {
    return this.#fitted || isPerChannel(this.#range)
      ? new Float32Array(length)
      : new Uint8Array(length);
  }

  /**
   * Copies a window: red, green, blue, or separate channels, in 0…1.
   *
   * @param column Which columns.
   * @param row Which rows; among those moved to.
   * @param window Where to, laid out as `[rows, columns, C]`.
   */
  cut(column: AxisWindow, row: AxisWindow, window: Float32Array): void {
    const { width } = this.#source, data = this.#data;
    if (data instanceof Float32Array) {
      this.#cutChannels(column, row, window);
      return;
    }
    const { sources } = column;
    let to = 0;
    for (const source of row.sources) {
      const line = (source - this.#first) * width;
      for (let at = 0; at < sources.length; at++) {
        const from = (line + sources[at]!) * 3;
        window[to++] = shares[data[from]!]!;
        window[to++] = shares[data[from + 1]!]!;
        window[to++] = shares[data[from + 2]!]!;
      }
    }
  }

  #cutChannels(
    column: AxisWindow,
    row: AxisWindow,
    window: Float32Array,
  ): void {
    const { width } = this.#source, data = this.#data, { channels } = this;
    let to = 0;
    for (const source of row.sources) {
      const line = (source - this.#first) * width;
      for (const at of column.sources) {
        const from = (line + at) * channels;
        for (let channel = 0; channel < channels; channel++) {
          window[to++] = data[from + channel]!;
        }
      }
    }
  }
}
