/**
 * Ground truth of the classes of objects. Runs in a browser.
 *
 * @module
 */
import type { Labels } from "../types.ts";
import { type ClassTargetOptions, unlabeled } from "./class_target.ts";

/** The image of the labels. */
export interface TargetSource {
  /**
   * The class of each instance, from number 1 on; −1 where it is not known.
   */
  readonly objectClasses?: readonly number[];
}

/**
 * One channel per class, 1 where a pixel's object has it; the first is the
 * background's. A pixel of an object whose class is not known, and one that is
 * {@linkcode unlabeled}, has 0 in all of them.
 *
 * @param labels The instances, `[H, W]`.
 * @param options How many classes there are.
 * @param source The class of each instance.
 * @returns The channels, laid out as `[H, W, classes]`.
 * @throws {RangeError} If an instance has no class.
 *
 * @example
 * ```ts
 * import { instanceClassTarget } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = { width: 3, height: 1, data: new Uint32Array([0, 1, 2]) };
 * assertEquals(
 *   [...instanceClassTarget(labels, { classes: 2 }, { objectClasses: [1, -1] })],
 *   [1, 0, 0, 1, 0, 0],
 * );
 * ```
 */
export function instanceClassTarget(
  { data }: Labels,
  options: unknown,
  { objectClasses = [] }: TargetSource = {},
): Uint8Array {
  const { classes } = options as ClassTargetOptions;
  const target = new Uint8Array(data.length * classes);
  for (let at = 0; at < data.length; at++) {
    const own = data[at]!;
    if (own === unlabeled) continue;
    const place = own === 0 ? 0 : objectClasses[own - 1];
    if (place === undefined || place >= classes) {
      throw new RangeError(
        `Cannot make ground truth of classes: found instance ${own} with ` +
          `class ${place}, expected 0 to ${classes - 1}`,
      );
    }
    if (place >= 0) target[at * classes + place] = 1;
  }
  return target;
}
