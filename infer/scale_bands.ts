import { type AxisTap, axisTaps } from "@unet/data/axis-taps";
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
 * @param from.width Pixels a row.
 * @param from.height Rows.
 * @param to The size that is wanted.
 * @param to.width Pixels a row.
 * @param to.height Rows.
 * @returns Bands of the size that is wanted.
 *
 * @example
 * ```ts
 * import { type Band, scaleBands } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const bands = async function* (): AsyncGenerator<Band> {
 *   yield { y: 0, width: 2, height: 1, probability: new Float32Array([0, 1]) };
 * };
 * const size = { width: 4, height: 1 };
 * const scaled = scaleBands(bands(), { width: 2, height: 1 }, size);
 * const [band] = await Array.fromAsync(scaled);
 * assertEquals(band?.probability, new Float32Array([0, 0.25, 0.75, 1]));
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
  // Rows of the right width that rows of the result still need.
  let held: Float32Array[][] = [], first = 0, next = 0;
  for await (const band of bands) {
    const planes = band.boundary
      ? [band.probability, band.boundary]
      : [band.probability];
    for (let row = 0; row < band.height; row++) {
      held.push(
        planes.map((plane) =>
          scaleRow(
            plane.subarray(row * band.width, (row + 1) * band.width),
            columns,
          )
        ),
      );
    }
    const end = band.y + band.height;
    let ready = next;
    while (ready < to.height && lastOf(rows[ready]!) < end) ready++;
    if (ready === next) continue;
    const [probability, boundary] = planes.map((_, plane) => {
      const values = new Float32Array((ready - next) * to.width);
      for (let y = next; y < ready; y++) {
        const into = values.subarray(
          (y - next) * to.width,
          (y - next + 1) * to.width,
        );
        rows[y]!.weights.forEach((weight, index) => {
          const line = held[rows[y]!.first + index - first]![plane]!;
          for (let x = 0; x < to.width; x++) into[x]! += weight * line[x]!;
        });
        for (let x = 0; x < to.width; x++) if (into[x]! > 1) into[x] = 1;
      }
      return values;
    });
    const scaled = {
      y: next,
      height: ready - next,
      width: to.width,
      probability: probability!,
    };
    yield boundary ? { ...scaled, boundary } : scaled;
    next = ready;
    if (next < to.height) {
      held = held.slice(rows[next]!.first - first);
      first = rows[next]!.first;
    }
  }
}

function lastOf({ first, weights }: AxisTap): number {
  return first + weights.length - 1;
}

function scaleRow(
  line: Float32Array,
  columns: readonly AxisTap[],
): Float32Array {
  return Float32Array.from(columns, ({ first, weights }) => {
    let sum = 0;
    for (let index = 0; index < weights.length; index++) {
      sum += weights[index]! * line[first + index]!;
    }
    return sum;
  });
}
