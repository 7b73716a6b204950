/**
 * Which pixels of one axis a resized axis takes, and how much of each. Runs in a browser.
 *
 * @module
 */
/** The pixels of an axis that one pixel of its rescaled axis is made of. */
export interface AxisTap {
  /** The first pixel that counts. */
  readonly first: number;
  /** How much it and those after it count; the sum is 1. */
  readonly weights: readonly number[];
}

/**
 * How an axis is resampled. An axis that shrinks takes the mean of what each
 * pixel covers; one that grows lies between the two nearest centers (as
 * OpenCV's and PyTorch's linear interpolation without aligned corners), the
 * edge repeated.
 *
 * @param from Pixels that there are.
 * @param to Pixels that are wanted.
 * @param start The first of them that is needed; 0 by default.
 * @param count How many are needed; all by default.
 * @returns What each pixel is made of.
 *
 * @example
 * ```ts
 * import { axisTaps } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(axisTaps(4, 2), [
 *   { first: 0, weights: [0.5, 0.5] },
 *   { first: 2, weights: [0.5, 0.5] },
 * ]);
 * ```
 */
export function axisTaps(
  from: number,
  to: number,
  start = 0,
  count: number = to - start,
): AxisTap[] {
  const scale = from / to;
  return Array.from(
    { length: count },
    (_, at) =>
      scale > 1
        ? areaTap(from, scale, start + at)
        : linearTap(from, scale, start + at),
  );
}

function areaTap(source: number, scale: number, at: number): AxisTap {
  const from = at * scale, to = Math.min(source, (at + 1) * scale);
  const first = Math.floor(from);
  const count = Math.max(1, Math.ceil(to) - first);
  const parts = Array.from(
    { length: count },
    (_, index) =>
      Math.min(to, first + index + 1) - Math.max(from, first + index),
  );
  const all = parts.reduce((sum, part) => sum + part, 0);
  return { first, weights: parts.map((part) => part / all) };
}

function linearTap(source: number, scale: number, at: number): AxisTap {
  const center = Math.max(0, Math.min(source - 1, (at + 0.5) * scale - 0.5));
  const first = Math.min(Math.floor(center), Math.max(0, source - 2));
  const part = center - first;
  return { first, weights: source === 1 ? [1] : [1 - part, part] };
}
