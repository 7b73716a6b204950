/**
 * Connected components. Runs in a browser.
 *
 * @module
 */
import type { Labels } from "../types.ts";

/**
 * Numbers the connected components of a mask: pixels that touch by a side or
 * a corner (8-connectivity) are one object. Objects are numbered from 1 in the
 * order in which the rows, read from the top, first meet them, as
 * scikit-image's `label` does.
 *
 * @param mask `height · width` values; everything but 0 is foreground.
 * @param width Pixels per row.
 * @param height Rows.
 * @returns The objects' numbers.
 * @throws {RangeError} If the number of values is not the size's.
 *
 * @example
 * ```ts
 * import { labelComponents } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = new Uint8Array([
 *   ...[1, 0, 0, 1],
 *   ...[0, 1, 0, 1],
 * ]);
 * assertEquals([...labelComponents(mask, 4, 2).data], [1, 0, 0, 2, 0, 1, 0, 2]);
 * ```
 */
export function labelComponents(
  mask: ArrayLike<number>,
  width: number,
  height: number,
): Labels {
  if (mask.length !== width * height) {
    throw new RangeError(
      `Cannot label components: found ${mask.length} values, expected ${
        width * height
      } for ${width}×${height}`,
    );
  }
  const data = new Uint32Array(width * height);
  const waiting: number[] = [];
  let count = 0;
  for (let start = 0; start < data.length; start++) {
    if (!mask[start] || data[start]) continue;
    data[start] = ++count;
    waiting.push(start);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const column = at % width, row = (at - column) / width;
      const left = Math.max(0, column - 1);
      const right = Math.min(width - 1, column + 1);
      const bottom = Math.min(height - 1, row + 1);
      for (let y = Math.max(0, row - 1); y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const next = y * width + x;
          if (!mask[next] || data[next]) continue;
          data[next] = count;
          waiting.push(next);
        }
      }
    }
  }
  return { width, height, data };
}
