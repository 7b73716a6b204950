/**
 * Images in another size, of which only the windows that are read are computed.
 * Runs in a browser.
 *
 * @module
 */
import { type AxisTap, axisTaps } from "./axis_taps.ts";
import { emptyValues, requireInside } from "./window.ts";
import type { ImageReader } from "./image_reader.ts";
import type { Image } from "../types.ts";

/** Values read from the source at once. */
const valuesAtOnce = 2 ** 22;

/** By how much an image is enlarged; below 1 it shrinks. */
export interface ScaleFactors {
  /** Factor of the width. */
  readonly x: number;
  /** Factor of the height. */
  readonly y: number;
}

/**
 * Makes a reader of an image in another size. Nothing is computed but the
 * windows that are read, and a window has the same values however the image
 * is cut.
 *
 * A pixel of a smaller image is the mean of the area that it covers, one of a
 * larger image lies between its four neighbors (bilinear, centers of pixels
 * half a pixel from the border). NaN does not count in a mean.
 *
 * @param reader The image; disposing of the new reader disposes of it.
 * @param factor By how much it is enlarged, as 0.5 for half its size.
 * @returns The reader; its size is rounded, at least 1×1, and its pixel size
 * is what comes of that.
 * @throws {RangeError} If a factor is no positive number.
 *
 * @example
 * ```ts
 * import { encodePng, openImage, rescaled } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([10, 20, 200, 100]);
 * const image = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using reader = rescaled(await openImage(path), 0.5);
 *   assertEquals([reader.width, reader.height], [2, 1]);
 *   assertEquals([...(await reader.read(0, 0, 2, 1)).data], [15, 150]);
 * }
 * await Deno.remove(path);
 * ```
 */
export function rescaled(
  reader: ImageReader,
  factor: number | ScaleFactors,
): ImageReader {
  const { x, y } = typeof factor === "number"
    ? { x: factor, y: factor }
    : factor;
  if (!(x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y))) {
    throw new RangeError(
      `Cannot rescale image: found factors ${x} and ${y}, expected positive numbers`,
    );
  }
  const width = Math.max(1, Math.round(reader.width * x));
  const height = Math.max(1, Math.round(reader.height * y));
  const { path, channels, depth, isSeparate, tiled, pixelSize } = reader;
  return {
    path,
    width,
    height,
    channels,
    depth,
    ...(isSeparate && { isSeparate }),
    tiled,
    ...(pixelSize && {
      pixelSize: {
        x: pixelSize.x * reader.width / width,
        y: pixelSize.y * reader.height / height,
      },
    }),
    read: async (x, y, columns, rows) => {
      requireInside({ width, height }, { x, y, width: columns, height: rows });
      return await readRescaled(
        reader,
        axisTaps(reader.width, width, x, columns),
        axisTaps(reader.height, height, y, rows),
      );
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

/**
 * Walks down the source rows that count. Each is weighted along the row, then
 * added to the rows that it counts in, always in this order: so a pixel does
 * not depend on the window.
 */
async function readRescaled(
  reader: ImageReader,
  columns: readonly AxisTap[],
  rows: readonly AxisTap[],
): Promise<Image> {
  const { channels, depth, isSeparate } = reader;
  const left = columns[0]!.first, right = endOf(columns.at(-1)!);
  const top = rows[0]!.first, bottom = endOf(rows.at(-1)!);
  const length = columns.length * channels;
  const sums = new Float64Array(rows.length * length);
  const totals = depth === 32 ? new Float64Array(sums.length) : undefined;
  const step = Math.max(
    1,
    Math.floor(valuesAtOnce / ((right - left) * channels)),
  );
  const line = new Float64Array(length), weight = new Float64Array(length);
  let firstRow = 0;
  for (let y = top; y < bottom; y += step) {
    const height = Math.min(step, bottom - y);
    const piece = await reader.read(left, y, right - left, height);
    for (let row = 0; row < height; row++) {
      sumAlong(piece, row, { left, columns, line, weight: totals && weight });
      while (endOf(rows[firstRow]!) <= y + row) firstRow++;
      for (let target = firstRow; target < rows.length; target++) {
        const { first, weights } = rows[target]!;
        if (first > y + row) break;
        const part = weights[y + row - first] ?? 0;
        for (let at = 0; at < length; at++) {
          sums[target * length + at]! += line[at]! * part;
          if (totals) totals[target * length + at]! += weight[at]! * part;
        }
      }
    }
  }
  const data = emptyValues(depth, sums.length);
  for (let at = 0; at < data.length; at++) {
    data[at] = totals ? sums[at]! / totals[at]! : Math.round(sums[at]!);
  }
  const size = { width: columns.length, height: rows.length };
  return { ...size, channels, depth, ...(isSeparate && { isSeparate }), data };
}

/** Weights the values of a row; with `weight`, how much of them are numbers. */
function sumAlong(
  { width, channels, data }: Image,
  row: number,
  { left, columns, line, weight }: {
    readonly left: number;
    readonly columns: readonly AxisTap[];
    readonly line: Float64Array;
    readonly weight: Float64Array | undefined;
  },
): void {
  for (const [column, { first, weights }] of columns.entries()) {
    const from = (row * width + first - left) * channels;
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0, total = 0;
      for (let tap = 0; tap < weights.length; tap++) {
        const value = data[from + tap * channels + channel]!;
        if (Number.isNaN(value)) continue;
        sum += value * weights[tap]!;
        total += weights[tap]!;
      }
      line[column * channels + channel] = sum;
      if (weight) weight[column * channels + channel] = total;
    }
  }
}

function endOf({ first, weights }: AxisTap): number {
  return first + weights.length;
}
