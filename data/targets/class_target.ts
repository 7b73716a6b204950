/**
 * Ground truth of classes. Runs in a browser.
 *
 * @module
 */
import type { Labels } from "../types.ts";

/** The number in labels of classes of a pixel whose class nobody gave. */
export const unlabeled = 0xffffffff;

/** Options of the ground truth of classes. */
export interface ClassTargetOptions {
  /** How many classes there are. */
  readonly classes: number;
}

/**
 * One channel per class, 1 where a pixel has it. A pixel that is
 * {@linkcode unlabeled} has 0 in all of them, so that losses and scores of
 * classes leave it out.
 *
 * @param labels The number of each pixel's class, `[H, W]`.
 * @param options How many classes there are.
 * @returns The channels, laid out as `[H, W, classes]`.
 * @throws {RangeError} If a number is none of a class.
 *
 * @example
 * ```ts
 * import { classTarget, unlabeled } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([2, 0, unlabeled]);
 * assertEquals(
 *   [...classTarget({ width: 3, height: 1, data }, { classes: 3 })],
 *   [0, 0, 1, 1, 0, 0, 0, 0, 0],
 * );
 * ```
 */
export function classTarget(
  { data }: Labels,
  options: unknown,
): Uint8Array {
  const { classes } = options as ClassTargetOptions;
  const target = new Uint8Array(data.length * classes);
  for (let at = 0; at < data.length; at++) {
    const number = data[at]!;
    if (number < classes) target[at * classes + number] = 1;
    else if (number !== unlabeled) {
      throw new RangeError(
        `Cannot make ground truth of classes: found number ${number}, expected 0 to ${
          classes - 1
        }`,
      );
    }
  }
  return target;
}
