import { headPlaces } from "@unet/task";
import { clipRounding } from "./clip_rounding.ts";
import type { Band } from "./band.ts";
import type { PredictedHead } from "./predict.ts";
import type { AxisWindow } from "./window_plan.ts";

/** Pixels of a band, at most, where a row has fewer. */
const bandPixels = 2 ** 20;

/** A head's values of the rows that are pending, `[rows, width, channels]`. */
interface PendingPlane {
  readonly name: string;
  /** Its first value among a pixel's. */
  readonly from: number;
  readonly channels: number;
  readonly isProbability: boolean;
  values: Float32Array;
}

/**
 * What windows have said of rows that are not complete yet. Its memory is used
 * again and again.
 */
export class PendingRows {
  readonly #width: number;
  /** Values of a pixel, of all heads together. */
  readonly #stride: number;
  readonly #planes: readonly PendingPlane[];
  #first: number;
  #rows = 0;
  #isBlended = false;

  /**
   * Starts with no rows.
   *
   * @param width Pixels per row of the image.
   * @param heads The network's heads.
   * @param first The first row that is wanted; rows above it are skipped.
   */
  constructor(width: number, heads: readonly PredictedHead[], first: number) {
    this.#width = width;
    this.#first = first;
    const places = headPlaces(heads);
    this.#stride = places.at(-1)?.to ?? 0;
    this.#planes = places.map(({ head, from }) => ({
      name: head.name,
      channels: head.channels,
      isProbability: head.activation !== "none",
      from,
      values: new Float32Array(0),
    }));
  }

  /**
   * Makes room for rows.
   *
   * @param end The row behind the last one.
   */
  reach(end: number): void {
    const rows = end - this.#first, pixels = rows * this.#width;
    if (rows <= this.#rows) return;
    for (const plane of this.#planes) {
      const count = pixels * plane.channels;
      if (plane.values.length >= count) continue;
      const longer = new Float32Array(count);
      longer.set(plane.values);
      plane.values = longer;
    }
    this.#rows = rows;
  }

  /**
   * Adds what a window says of the pixels that it decides.
   *
   * @param values The window's values, laid out as `[rows, columns, C]`.
   * @param column Which columns.
   * @param row Which rows; there is room for them.
   * @returns A value that its head cannot have, if there is one.
   */
  add(
    values: Float32Array,
    column: AxisWindow,
    row: AxisWindow,
  ): number | undefined {
    const stride = this.#stride, side = column.sources.length;
    for (let r = 0; r < row.length; r++) {
      const from = ((row.inset + r) * side + column.inset) * stride;
      const line = values.subarray(from, from + column.length * stride);
      const wrong = this.#wrongIn(line);
      if (wrong !== undefined) return wrong;
      const y = row.start + r - this.#first;
      if (y < 0) continue;
      const to = y * this.#width + column.start;
      const weight = row.weights?.[r];
      for (const plane of this.#planes) {
        if (column.weights && weight !== undefined) {
          this.#isBlended = true;
          blend(plane, to, { line, stride, weights: column.weights, weight });
        } else {
          put(plane, to, { line, stride });
        }
      }
    }
    return undefined;
  }

  #wrongIn(line: Float32Array): number | undefined {
    const stride = this.#stride;
    for (const { from, channels, isProbability } of this.#planes) {
      // Also false for NaN.
      const [least, most] = isProbability
        ? [0, 1]
        : [-Number.MAX_VALUE, Number.MAX_VALUE];
      for (let channel = from; channel < from + channels; channel++) {
        for (let at = channel; at < line.length; at += stride) {
          const value = line[at]!;
          if (!(value >= least && value <= most)) return value;
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
      const planes = this.#planes.map(
        ({ name, channels, values, ...plane }) => {
          const from = (y - top) * width * channels;
          const taken = values.slice(from, from + height * width * channels);
          // Nothing above 1 came in, and nothing was summed up.
          const isExact = plane.isProbability && !this.#isBlended;
          if (!isExact) clipRounding(taken);
          return [name, taken];
        },
      );
      yield { y, height, width, planes: Object.fromEntries(planes) };
    }
    if (end > top) this.#forget(end);
  }

  #forget(end: number): void {
    const gone = (end - this.#first) * this.#width;
    const used = this.#rows * this.#width;
    for (const { values, channels } of this.#planes) {
      values.copyWithin(0, gone * channels, used * channels);
      values.fill(0, (used - gone) * channels);
    }
    this.#rows -= end - this.#first;
    this.#first = end;
  }
}

/** One row of a window: all heads' values, and how many a pixel has. */
interface WindowLine {
  readonly line: Float32Array;
  readonly stride: number;
}

/** Sets a head's values from pixel `to` on. */
function put(
  { values, from, channels }: PendingPlane,
  to: number,
  { line, stride }: WindowLine,
): void {
  if (channels === stride) {
    values.set(line, to * channels);
    return;
  }
  for (let channel = 0; channel < channels; channel++) {
    let place = to * channels + channel;
    for (let at = from + channel; at < line.length; at += stride) {
      values[place] = line[at]!;
      place += channels;
    }
  }
}

/** Adds a head's values from pixel `to` on, by row's and columns' weights. */
function blend(
  { values, from, channels }: PendingPlane,
  to: number,
  { line, stride, weight, weights }: WindowLine & {
    readonly weight: number;
    readonly weights: Float32Array;
  },
): void {
  let place = to * channels;
  for (let at = from, column = 0; at < line.length; at += stride, column++) {
    const share = weight * weights[column]!;
    for (let c = 0; c < channels; c++) {
      values[place++]! += share * line[at + c]!;
    }
  }
}
