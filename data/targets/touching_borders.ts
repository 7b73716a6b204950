/**
 * Borders where two instances meet. Runs in a browser.
 *
 * @module
 */
import { boxesOf, distancesAround } from "./_objects_around.ts";
import { unlabeled } from "./class_target.ts";
import { squaredDistances } from "./squared_distances.ts";
import { unlabeledAsBackground } from "./unlabeled_as_background.ts";
import type { Labels } from "../types.ts";

/** The numbers of {@linkcode touchingBorders}. */
export interface TouchingBorderOptions {
  /**
   * How far a border reaches into an object, as a share of the diameter of a
   * disk of its area, 0 to 0.5; 0.1 by default.
   */
  readonly share?: number;
  /** The least that it reaches, in pixels; 1.5 by default. */
  readonly least?: number;
  /** The most that it reaches, in pixels; 5 by default. */
  readonly most?: number;
}

/**
 * The borders between instances that touch or nearly do, and no others: what
 * separates them, in a width that follows their size, as in the first place of
 * the 2018 Data Science Bowl. An edge to the background is no border.
 *
 * An object's reach is a share of its diameter. A pixel is border if a second
 * instance is as near to it as the smaller reach of the two nearest, its own
 * instance being the first: so a border is twice as wide as that reach, and
 * fills a gap of that width.
 *
 * @param labels The instances.
 * @param options How wide borders are.
 * @returns 1 on borders and 0 elsewhere, laid out as the labels; −1 where
 * nothing is labeled, and where it decides whether a pixel is border.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { touchingBorders } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const data = new Uint32Array([1, 1, 1, 2, 2, 2, 0, 0, 0, 3, 3]);
 * const borders = touchingBorders({ width: 11, height: 1, data });
 * assertEquals([...borders], [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
 * ```
 */
export function touchingBorders(
  labels: Labels,
  { share = 0.1, least = 1.5, most = 5 }: TouchingBorderOptions = {},
): Uint8Array | Float32Array {
  check("share", share, share >= 0 && share <= 0.5);
  check("least", least, least >= 0);
  check("most", most, most >= least);
  const { width, height, data } = labels;
  const instances = unlabeledAsBackground(labels);
  const reachOf = (pixels: number): number =>
    Math.min(most, Math.max(least, share * 2 * Math.sqrt(pixels / Math.PI)));
  // Squared: of the pixel's nearest instance, and whether another is as near
  // as the smaller reach of both.
  const nearest = new Float64Array(data.length).fill(Infinity);
  const reach = new Float64Array(data.length);
  const borders = new Uint8Array(data.length);
  for (const box of boxesOf(instances)) {
    const own = reachOf(box.pixels);
    const { left, top, columns, rows, distances } = distancesAround(
      instances,
      box,
      own,
    );
    for (let y = 0, i = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, i++) {
        const distance = distances[i]!, at = (top + y) * width + left + x;
        if (distance > own ** 2) continue;
        const second = Math.max(distance, nearest[at]!);
        if (reach[at]! > 0 && second <= Math.min(own, reach[at]!) ** 2) {
          borders[at] = 1;
        }
        if (distance < nearest[at]!) {
          nearest[at] = distance;
          reach[at] = own;
        }
      }
    }
  }
  if (!data.includes(unlabeled)) return borders;
  const toUnlabeled = squaredDistances(
    width,
    height,
    (x, y) => data[y * width + x] === unlabeled,
  );
  return Float32Array.from(borders, (border, at) => {
    if (data[at] === unlabeled) return -1;
    const mayBe = nearest[at]! < Infinity &&
      toUnlabeled[at]! <= reach[at]! ** 2;
    return border === 0 && mayBe ? -1 : border;
  });
}

function check(name: string, value: number, isRight: boolean): void {
  if (isRight && Number.isFinite(value)) return;
  throw new RangeError(
    `Cannot find touching borders: found ${name} ${value}, expected a number in its range`,
  );
}
