/**
 * A class map from probabilities. Runs in a browser.
 *
 * @module
 */
import type { Image } from "@unet/data";
import { cannot } from "@unet/errors";
import { planeOf, type Planes } from "./band.ts";

/**
 * Gives each pixel the class that is the most probable; of equals, the first.
 *
 * @param planes What the network predicts of an image, or of some of its rows.
 * @param head The head of classes; "classes" by default.
 * @returns An 8-bit image of one channel: the position of each pixel's class
 * among the head's classes, 0 for the background.
 * @throws {RangeError} If there is no such head, or it has more than 256
 * channels.
 *
 * @example
 * ```ts
 * import { toClassMap } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * // Two pixels of three classes.
 * const classes = new Float32Array([0.5, 0.3, 0.2, 0.1, 0.2, 0.7]);
 * const map = toClassMap({ width: 2, height: 1, planes: { classes } });
 * assertEquals(map.data, new Uint8Array([0, 2]));
 * ```
 */
export function toClassMap(planes: Planes, head: string = "classes"): Image {
  const { width, height } = planes, pixels = width * height;
  const values = planeOf(planes, head), channels = values.length / pixels;
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 256)) {
    throw new RangeError(
      cannot("make class map of", "head", head, {
        found: `${values.length} values of ${pixels} pixels`,
        expected: "1 to 256 per pixel",
      }),
    );
  }
  const data = new Uint8Array(pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++) {
    let best = 0, most = values[at++]!;
    for (let number = 1; number < channels; number++, at++) {
      if (values[at]! > most) {
        most = values[at]!;
        best = number;
      }
    }
    data[pixel] = best;
  }
  return { width, height, channels: 1, depth: 8, data };
}
