import { type AxisTap, axisTaps } from "@unet/data/axis-taps";
import { clipRounding } from "./clip_rounding.ts";
import type { Band } from "./band.ts";

/**
 * Brings bands to another size, as of an image that was segmented at the
 * network's pixel size: linear between pixels' centers when it grows (as
 * OpenCV's and scikit-image's linear interpolation, the edge repeated), the
 * mean of the area that a pixel covers when it shrinks.
 *
 * The result does not depend on where the bands were cut.
 *
 * @param bands The bands.
 * @param from Their size.
 * @param from.width Pixels per row.
 * @param from.height Rows.
 * @param to The size that is wanted.
 * @param to.width Pixels per row.
 * @param to.height Rows.
 * @returns Bands of the size that is wanted.
 *
 * @example
 * ```ts
 * import { type Band, scaleBands } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const bands = async function* (): AsyncGenerator<Band> {
 *   const object = new Float32Array([0, 1]);
 *   yield { y: 0, width: 2, height: 1, planes: { object } };
 * };
 * const size = { width: 4, height: 1 };
 * const scaled = scaleBands(bands(), { width: 2, height: 1 }, size);
 * const [band] = await Array.fromAsync(scaled);
 * assertEquals(band?.planes.object, new Float32Array([0, 0.25, 0.75, 1]));
 * ```
 */
export async function* scaleBands(
  bands: AsyncIterable<Band>,
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): AsyncGenerator<Band, void, void> {
  if (from.width === to.width && from.height === to.height) {
    yield* bands;
    return;
  }
  const columns = axisTaps(from.width, to.width);
  const rows = axisTaps(from.height, to.height);
  // Rows of the right width that rows of the result still need, by head.
  let held: Map<string, Float32Array>[] = [], first = 0, next = 0;
  for await (const band of bands) {
    for (let row = 0; row < band.height; row++) {
      held.push(scaleRows(band, row, columns));
    }
    const end = band.y + band.height;
    let ready = next;
    while (ready < to.height && lastOf(rows[ready]!) < end) ready++;
    if (ready === next) continue;
    const planes = Object.keys(band.planes).map((head) => {
      const lines = held.map((lines) => lines.get(head)!);
      return [head, blendRows(lines, rows.slice(next, ready), first)];
    });
    yield {
      ...{ y: next, height: ready - next, width: to.width },
      planes: Object.fromEntries(planes),
    };
    next = ready;
    if (next < to.height) {
      held = held.slice(rows[next]!.first - first);
      first = rows[next]!.first;
    }
  }
}

/** A row of each head in the new width. */
function scaleRows(
  { width, height, planes }: Band,
  row: number,
  columns: readonly AxisTap[],
): Map<string, Float32Array> {
  const entries = Object.entries(planes).map(([head, values]) => {
    const channels = values.length / (width * height);
    const length = width * channels;
    const line = values.subarray(row * length, (row + 1) * length);
    return [head, scaleRow(line, columns, channels)] as const;
  });
  return new Map(entries);
}

/** New rows of a head, of rows of the new width that are counted from `first`. */
function blendRows(
  lines: readonly Float32Array[],
  rows: readonly AxisTap[],
  first: number,
): Float32Array {
  const length = lines[0]!.length;
  const values = new Float32Array(rows.length * length);
  rows.forEach(({ first: from, weights }, y) => {
    const into = values.subarray(y * length, (y + 1) * length);
    weights.forEach((weight, index) => {
      const line = lines[from + index - first]!;
      for (let x = 0; x < length; x++) into[x]! += weight * line[x]!;
    });
    clipRounding(into);
  });
  return values;
}

function lastOf({ first, weights }: AxisTap): number {
  return first + weights.length - 1;
}

function scaleRow(
  line: Float32Array,
  columns: readonly AxisTap[],
  channels: number,
): Float32Array {
  const scaled = new Float32Array(columns.length * channels);
  columns.forEach(({ first, weights }, column) => {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let index = 0; index < weights.length; index++) {
        sum += weights[index]! * line[(first + index) * channels + c]!;
      }
      scaled[column * channels + c] = sum;
    }
  });
  return scaled;
}
