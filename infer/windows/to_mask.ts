/**
 * A mask from probabilities. Runs in a browser.
 *
 * @module
 */
import type { Image } from "@unet/data";
import { checkThreshold } from "./check_threshold.ts";
import { planeOf, type Planes } from "./band.ts";

/**
 * Decides for each pixel whether it is object.
 *
 * @param planes What the network predicts of an image.
 * @param threshold A pixel is object when its probability is above this;
 * 0…1.
 * @param head The head of one channel that finds the objects.
 * @returns An 8-bit image of one channel: 255 on objects, 0 elsewhere.
 * @throws {RangeError} If the threshold is not in 0…1, or there is no such
 * head.
 *
 * @example
 * ```ts
 * import { toMask } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const object = new Float32Array([0.2, 0.5, 0.7]);
 * const mask = toMask({ width: 3, height: 1, planes: { object } });
 * assertEquals(mask.data, new Uint8Array([0, 0, 255]));
 * ```
 */
export function toMask(
  planes: Planes,
  threshold: number = 0.5,
  head: string = "object",
): Image {
  checkThreshold(threshold);
  const probability = planeOf(planes, head);
  const { width, height } = planes;
  const data = new Uint8Array(width * height);
  for (let index = 0; index < data.length; index++) {
    if (probability[index]! > threshold) data[index] = 255;
  }
  return { width, height, channels: 1, depth: 8, data };
}
