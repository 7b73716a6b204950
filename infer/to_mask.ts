/**
 * A mask from probabilities. Runs in a browser.
 *
 * @module
 */
import type { Image } from "@unet/data";
import { checkThreshold } from "./_check_threshold.ts";
import type { Segmentation } from "./segment_image.ts";

/**
 * Decides for each pixel whether it is object.
 *
 * @param segmentation What the network says.
 * @param threshold A pixel is object when its probability is above this;
 * 0…1.
 * @returns An 8-bit image of one channel: 255 on objects, 0 elsewhere.
 * @throws {RangeError} If the threshold is not in 0…1.
 *
 * @example
 * ```ts
 * import { toMask } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const probability = new Float32Array([0.2, 0.5, 0.7]);
 * const mask = toMask({ width: 3, height: 1, probability });
 * assertEquals(mask.data, new Uint8Array([0, 0, 255]));
 * ```
 */
export function toMask(segmentation: Segmentation, threshold = 0.5): Image {
  checkThreshold(threshold);
  const { width, height, probability } = segmentation;
  const data = new Uint8Array(probability.length);
  for (let index = 0; index < data.length; index++) {
    if (probability[index]! > threshold) data[index] = 255;
  }
  return { width, height, channels: 1, depth: 8, data };
}
