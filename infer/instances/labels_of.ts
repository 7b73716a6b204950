import type { Labels } from "@unet/data";
import type { Instance } from "./instance.ts";

/**
 * Draws instances as an image of their labels.
 *
 * @param instances The instances.
 * @param width Pixels per row.
 * @param height Rows.
 * @returns The labels; 0 is background.
 * @throws {RangeError} If an instance reaches beyond the image.
 *
 * @example
 * ```ts
 * import { labelsOf } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = new Uint8Array([1, 0, 1, 1]);
 * const box = { x: 1, y: 0, width: 2, height: 2 };
 * const instance = { label: 7, ...box, mask, probability: 0.9 };
 * assertEquals([...labelsOf([instance], 3, 2).data], [0, 7, 0, 0, 7, 7]);
 * ```
 */
export function labelsOf(
  instances: readonly Instance[],
  width: number,
  height: number,
): Labels {
  const data = new Uint32Array(width * height);
  for (const { label, mask, ...box } of instances) {
    const isInside = box.x >= 0 && box.y >= 0 &&
      box.x + box.width <= width && box.y + box.height <= height;
    if (!isInside) {
      throw new RangeError(
        `Cannot draw instance ${label}: found ${box.width}×${box.height} pixels at ${box.x},${box.y}, expected a part of ${width}×${height}`,
      );
    }
    for (let y = 0, at = 0; y < box.height; y++) {
      const row = (box.y + y) * width + box.x;
      for (let x = 0; x < box.width; x++, at++) {
        if (mask[at]) data[row + x] = label;
      }
    }
  }
  return { width, height, data };
}
