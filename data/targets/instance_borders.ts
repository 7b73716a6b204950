/**
 * Borders between and around instances. Runs in a browser.
 *
 * @module
 */
import { nearestTwo } from "./_nearest_two.ts";
import { unlabeled } from "./class_target.ts";
import { squaredDistances } from "./squared_distances.ts";
import { unlabeledAsBackground } from "./unlabeled_as_background.ts";
import type { Labels } from "../types.ts";

/** The number of {@linkcode instanceBorders}. */
export interface InstanceBorderOptions {
  /**
   * How far a pixel of the background may lie from two instances and be their
   * border, in pixels, 0 or more; 3 by default.
   */
  readonly gap?: number;
}

/**
 * The borders of instances: what a network learns as its second output, so
 * that touching nuclei can be separated.
 *
 * A pixel is border if
 * - one of its four neighbors belongs to another instance or, of an instance's
 *   pixel, to the background; or of a background's pixel, to an instance: a
 *   rim of two pixels, one inside and one outside, which is
 *   `find_boundaries(mode="thick")` of scikit-image; or
 * - it is background and at most `gap` from two different instances, between
 *   the centers of pixels: the narrow space between nuclei is filled.
 *
 * The image's edge is no border: what lies beyond it is not known.
 *
 * @param labels The instances.
 * @param options How wide a space is filled.
 * @returns 1 on borders and 0 elsewhere, laid out as the labels; −1 where
 * nothing is labeled, and where it decides whether a pixel is border.
 * @throws {RangeError} If the gap is no number from 0.
 *
 * @example
 * ```ts
 * import { instanceBorders } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([1, 1, 1, 2, 2, 2, 0, 0, 0, 0, 3, 3]);
 * const borders = instanceBorders({ width: 12, height: 1, data });
 * assertEquals([...borders], [0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0]);
 * ```
 */
export function instanceBorders(
  labels: Labels,
  { gap = 3 }: InstanceBorderOptions = {},
): Uint8Array | Float32Array {
  if (!(gap >= 0 && Number.isFinite(gap))) {
    throw new RangeError(
      `Cannot find borders: found gap ${gap}, expected a number from 0`,
    );
  }
  const { width, height, data } = labels;
  const borders = new Uint8Array(data.length);
  const compare = (pixel: number, neighbor: number): void => {
    const own = data[pixel], other = data[neighbor];
    if (own === other || own === unlabeled || other === unlabeled) return;
    borders[pixel] = 1;
    borders[neighbor] = 1;
  };
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (x > 0) compare(pixel, pixel - 1);
      if (y > 0) compare(pixel, pixel - width);
    }
  }
  const { second } = nearestTwo(unlabeledAsBackground(labels), gap);
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] === 0 && second[pixel]! <= gap * gap) borders[pixel] = 1;
  }
  return data.includes(unlabeled) ? hideUnknown(labels, borders, gap) : borders;
}

/**
 * Marks with −1 what is not labeled, and what might be border if its
 * surroundings were labeled otherwise.
 */
function hideUnknown(
  labels: Labels,
  borders: Uint8Array,
  gap: number,
): Float32Array {
  const { width, height, data } = labels;
  const isUnlabeled = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height &&
    data[y * width + x] === unlabeled;
  const distances = squaredDistances(width, height, isUnlabeled);
  return Float32Array.from(borders, (border, pixel) => {
    if (data[pixel] === unlabeled) return -1;
    if (border === 1) return 1;
    const x = pixel % width, y = (pixel - x) / width;
    const isBeside = isUnlabeled(x - 1, y) || isUnlabeled(x + 1, y) ||
      isUnlabeled(x, y - 1) || isUnlabeled(x, y + 1);
    const mayFill = data[pixel] === 0 && distances[pixel]! <= gap * gap;
    return isBeside || mayFill ? -1 : 0;
  });
}
