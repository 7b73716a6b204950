import type { Labels, Rectangle } from "@unet/data";
import { unlabeled } from "@unet/data/class-target";
import type { Instance } from "./instance.ts";

/**
 * Where the objects of labels are. Neither background nor what is unlabeled is
 * one.
 *
 * @param labels The labels, all of which are looked at.
 * @param wanted The objects; all by default.
 * @returns The smallest rectangle around each that is there, by its label, in
 * the order in which their first rows come.
 *
 * @example
 * ```ts
 * import { boxesIn } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = { width: 3, height: 1, data: new Uint32Array([0, 7, 7]) };
 * assertEquals(boxesIn(labels).get(7), { x: 1, y: 0, width: 2, height: 1 });
 * ```
 */
export function boxesIn(
  { width, height, data }: Labels,
  wanted?: ReadonlySet<number>,
): Map<number, Rectangle> {
  const bounds = new Map<number, [number, number, number, number]>();
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width;) {
      const label = data[at]!, from = x;
      do {
        x++;
        at++;
      } while (x < width && data[at] === label);
      if (label === 0 || label === unlabeled) continue;
      if (wanted && !wanted.has(label)) continue;
      const known = bounds.get(label);
      if (!known) {
        bounds.set(label, [from, y, x, y + 1]);
        continue;
      }
      known[0] = Math.min(known[0], from);
      known[2] = Math.max(known[2], x);
      known[3] = y + 1;
    }
  }
  return new Map(
    [...bounds].map(([label, [x, y, right, bottom]]) => [
      label,
      { x, y, width: right - x, height: bottom - y },
    ]),
  );
}

/**
 * Cuts an object out of labels: the inverse of {@linkcode labelsOf}, without a
 * probability.
 *
 * @param labels The labels.
 * @param label The object's label.
 * @param box A rectangle that holds it, as {@linkcode boxesIn} gives it.
 * @returns The object.
 *
 * @example
 * ```ts
 * import { boxesIn, instanceIn } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([7, 0, 7, 7]);
 * const labels = { width: 2, height: 2, data };
 * const { mask } = instanceIn(labels, 7, boxesIn(labels).get(7)!);
 * assertEquals([...mask], [1, 0, 1, 1]);
 * ```
 */
export function instanceIn(
  { width, data }: Labels,
  label: number,
  box: Rectangle,
): Instance {
  const mask = new Uint8Array(box.width * box.height);
  for (let row = 0, to = 0; row < box.height; row++) {
    let from = (box.y + row) * width + box.x;
    for (let column = 0; column < box.width; column++, from++, to++) {
      if (data[from] === label) mask[to] = 1;
    }
  }
  return { label, ...box, mask };
}
