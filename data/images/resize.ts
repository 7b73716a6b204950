/**
 * Images and labels in another size, in memory. Runs in a browser.
 *
 * @module
 */
import { axisTaps } from "./axis_taps.ts";
import { emptyValues } from "./window.ts";
import type { Image, Labels } from "../types.ts";

/** Pixels per row and rows. */
export interface Size {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * Brings an image to another size. A pixel of an axis that shrinks is the mean
 * of the area that it covers, so that nothing aliases; one of an axis that
 * grows lies between its neighbors (bilinear, edges repeated). The values are
 * those of {@linkcode rescaled}, which reads an image in pieces; floats differ
 * by rounding.
 *
 * @param image The image, without NaN; left as it is.
 * @param size The new size, at least 1×1.
 * @returns A new image of the same channels and depth.
 * @throws {RangeError} If a side is not a positive integer.
 *
 * @example
 * ```ts
 * import { resizeImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint8Array([10, 20, 200, 100]);
 * const image = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
 * const { data: half } = resizeImage(image, { width: 2, height: 1 });
 * assertEquals([...half], [15, 150]);
 * ```
 */
export function resizeImage(image: Image, size: Size): Image {
  requireSize(size);
  const { channels, depth } = image, { width, height } = size;
  const columns = tapsOf(image.width, width);
  const rows = tapsOf(image.height, height);
  const row = width * channels;
  // As many rows as count in one of the result, each resized once.
  const lines = Array.from(
    { length: rows.most },
    () => new Float64Array(row),
  );
  const held = new Int32Array(rows.most).fill(-1);
  const resizeRow = channels === 3 ? resizeColorRow : resizeAnyRow;
  const lineOf = (from: number): Float64Array => {
    const slot = from % rows.most, line = lines[slot]!;
    if (held[slot] !== from) resizeRow(image, from, columns, line);
    held[slot] = from;
    return line;
  };
  const data = emptyValues(depth, row * height);
  // Stores into integer arrays cut the fraction off: half more rounds.
  const rounding = depth === 32 ? 0 : 0.5;
  const sum = new Float64Array(row);
  for (let y = 0; y < height; y++) {
    const weights = rows.weights.subarray(y * rows.most, (y + 1) * rows.most);
    let tap = 0;
    // Two rows at a time: the sums are read and written half as often.
    for (; tap + 1 < weights.length; tap += 2) {
      const a = lineOf(rows.first[y]! + tap), first = weights[tap]!;
      const b = lineOf(rows.first[y]! + tap + 1), second = weights[tap + 1]!;
      if (tap === 0) {
        for (let at = 0; at < row; at++) {
          sum[at] = a[at]! * first + b[at]! * second;
        }
      } else {
        for (let at = 0; at < row; at++) {
          sum[at] = sum[at]! + a[at]! * first + b[at]! * second;
        }
      }
    }
    if (tap < weights.length) {
      const a = lineOf(rows.first[y]! + tap), weight = weights[tap]!;
      if (tap === 0) sum.fill(0);
      for (let at = 0; at < row; at++) sum[at]! += a[at]! * weight;
    }
    const to = y * row;
    for (let at = 0; at < row; at++) data[to + at] = sum[at]! + rounding;
  }
  return { ...image, width, height, data };
}

/**
 * Brings labels to another size: each pixel takes the number of the nearest, so
 * that no number appears that was not there.
 *
 * @param labels The labels; left as they are.
 * @param size The new size, at least 1×1.
 * @returns New labels.
 * @throws {RangeError} If a side is not a positive integer.
 *
 * @example
 * ```ts
 * import { resizeLabels } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = { width: 2, height: 1, data: new Uint32Array([0, 7]) };
 * const { data } = resizeLabels(labels, { width: 4, height: 1 });
 * assertEquals([...data], [0, 0, 7, 7]);
 * ```
 */
export function resizeLabels(labels: Labels, size: Size): Labels {
  requireSize(size);
  const { width, height } = size;
  const columns = nearest(labels.width, width);
  const rows = nearest(labels.height, height);
  const data = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = rows[y]! * labels.width, to = y * width;
    for (let x = 0; x < width; x++) {
      data[to + x] = labels.data[from + columns[x]!]!;
    }
  }
  return { width, height, data };
}

/** Taps of an axis in two arrays, as many weights for each pixel. */
interface FlatTaps {
  readonly first: Int32Array;
  /** Weights per pixel; 0 where a pixel has fewer. */
  readonly most: number;
  readonly weights: Float64Array;
}

function tapsOf(from: number, to: number): FlatTaps {
  const taps = axisTaps(from, to);
  const most = Math.max(...taps.map(({ weights }) => weights.length));
  const weights = new Float64Array(taps.length * most);
  // Moved back from the axis' end, so that all taps are within.
  const first = Int32Array.from(
    taps,
    (tap) => Math.min(tap.first, from - most),
  );
  taps.forEach((tap, at) => {
    weights.set(tap.weights, at * most + tap.first - first[at]!);
  });
  return { first, most, weights };
}

/** A row of an image of three channels in its new width. */
function resizeColorRow(
  { width, data }: Image,
  row: number,
  { first, most, weights }: FlatTaps,
  line: Float64Array,
): void {
  const start = row * width;
  for (let column = 0, to = 0; column < first.length; column++, to += 3) {
    let from = 3 * (start + first[column]!);
    let red = 0, green = 0, blue = 0;
    const end = (column + 1) * most;
    for (let tap = column * most; tap < end; tap++, from += 3) {
      const weight = weights[tap]!;
      red += data[from]! * weight;
      green += data[from + 1]! * weight;
      blue += data[from + 2]! * weight;
    }
    line[to] = red;
    line[to + 1] = green;
    line[to + 2] = blue;
  }
}

/** A row of an image of any channels in its new width. */
function resizeAnyRow(
  { width, channels, data }: Image,
  row: number,
  { first, most, weights }: FlatTaps,
  line: Float64Array,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const start = row * width * channels + channel;
    let to = channel;
    for (let column = 0; column < first.length; column++, to += channels) {
      let from = start + first[column]! * channels, sum = 0;
      const end = (column + 1) * most;
      for (let tap = column * most; tap < end; tap++, from += channels) {
        sum += data[from]! * weights[tap]!;
      }
      line[to] = sum;
    }
  }
}

/** The nearest pixel of an axis for each pixel of the resized axis. */
function nearest(from: number, to: number): Int32Array {
  return Int32Array.from(
    { length: to },
    (_, at) => Math.min(from - 1, Math.floor((at + 0.5) * from / to)),
  );
}

function requireSize({ width, height }: Size): void {
  const isRight = [width, height].every((side) =>
    Number.isSafeInteger(side) && side >= 1
  );
  if (isRight) return;
  throw new RangeError(
    `Cannot resize image: found ${width}×${height}, expected positive integers`,
  );
}
