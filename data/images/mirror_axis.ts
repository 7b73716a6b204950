/**
 * Positions beyond the ends of an axis. Runs in a browser.
 *
 * @module
 */

/**
 * The positions of consecutive places on an axis that is mirrored about its
 * first and last pixel, without repeating them, back and forth, as numpy's
 * `pad(mode="reflect")`; an axis of one pixel is repeated.
 *
 * @param size Pixels of the axis, at least 1.
 * @param from The first place; negative before the axis.
 * @param count How many places.
 * @returns A position in 0…size − 1 per place.
 *
 * @example
 * ```ts
 * import { mirrorAxis } from "@unet/data/mirror-axis";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...mirrorAxis(3, -2, 7)], [2, 1, 0, 1, 2, 1, 0]);
 * ```
 */
export function mirrorAxis(
  size: number,
  from: number,
  count: number,
): Int32Array {
  const last = size - 1, period = Math.max(1, 2 * last);
  return Int32Array.from({ length: count }, (_, index) => {
    const phase = ((from + index) % period + period) % period;
    return phase > last ? period - phase : phase;
  });
}
