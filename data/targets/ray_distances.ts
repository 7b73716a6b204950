/**
 * How far it is to an object's edge. Runs in a browser.
 *
 * @module
 */
import { completeObjects } from "./_complete_objects.ts";
import type { Labels } from "../types.ts";

/** The value of all channels of {@linkcode rayDistances} outside objects. */
export const noDistance = -1;

/** The numbers of {@linkcode rayDistances}. */
export interface RayDistanceOptions {
  /** How many rays there are, an even number of 4 or more; 32 by default. */
  readonly rays?: number;
}

/**
 * For each pixel of an object, how far it is to the object's edge along rays,
 * as the logarithm of 1 and the distance in pixels: the shape that StarDist
 * (Schmidt et al., MICCAI 2018) learns, on a scale on which an error of a tenth
 * weighs alike in small nuclei and in large ones.
 *
 * Ray k points by 2πk/rays from right to down, and ends halfway between the
 * object's last pixel and the next one, or at the image's edge. It follows the
 * pixels of a digital line, which all pixels of that line share, so that the
 * time does not depend on the objects' size; it strays by less than a pixel
 * from the straight one.
 *
 * @param labels The instances, `[H, W]`.
 * @param options How many rays.
 * @returns The rays' distances, laid out as `[H, W, rays]`, above 0;
 * {@linkcode noDistance} on background, where nothing is labeled, and on
 * objects that may continue there.
 * @throws {RangeError} If the number of rays is odd or below 4.
 *
 * @example
 * ```ts
 * import { rayDistances } from "@unet/data";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * // Right, down, left, up from the first of two pixels.
 * const data = new Uint32Array([4, 4, 0]);
 * const [right, , left] = rayDistances(
 *   { width: 3, height: 1, data },
 *   { rays: 4 },
 * );
 * assertAlmostEquals(right!, Math.log(1 + 1.5), 1e-6);
 * assertAlmostEquals(left!, Math.log(1 + 0.5), 1e-6);
 * ```
 */
export function rayDistances(
  labels: Labels,
  { rays = 32 }: RayDistanceOptions = {},
): Float32Array {
  if (!(Number.isInteger(rays) && rays >= 4 && rays % 2 === 0)) {
    throw new RangeError(
      `Cannot measure distances: found ${rays} rays, expected an even number from 4`,
    );
  }
  const distances = new Float32Array(rays * labels.data.length)
    .fill(noDistance);
  const places = placesOf(labels, completeObjects(labels));
  if (places.length === 0) return distances;
  // A step goes from row to row, so that flat rays see the image transposed.
  const upright = { labels, places };
  const turned = transposed(labels, places);
  const steps = new Int32Array(labels.data.length);
  for (let ray = 0; ray < rays; ray++) {
    const angle = 2 * Math.PI * ray / rays;
    const x = Math.cos(angle), y = Math.sin(angle);
    const isFlat = Math.abs(x) > Math.abs(y);
    const slope = isFlat ? y / x : x / y, length = Math.hypot(1, slope);
    const view = isFlat ? turned : upright;
    countSteps(view.labels, { slope, sign: Math.sign(isFlat ? x : y) }, steps);
    const known = Float32Array.from(
      { length: view.labels.height },
      (_, count) => Math.log1p((count + 0.5) * length),
    );
    for (let i = 0; i < places.length; i++) {
      distances[places[i]! * rays + ray] = known[steps[view.places[i]!]!]!;
    }
  }
  return distances;
}

/** The pixels of complete objects. */
function placesOf(
  { data }: Labels,
  isComplete: (label: number) => boolean,
): Int32Array {
  const places = new Int32Array(data.length);
  let count = 0, last = 0, isLast = false;
  for (let at = 0; at < data.length; at++) {
    const label = data[at]!;
    if (label !== last) {
      last = label;
      isLast = isComplete(label);
    }
    if (isLast) places[count++] = at;
  }
  return places.subarray(0, count);
}

/** Labels with rows for columns, and where pixels are then. */
function transposed(
  { width, height, data }: Labels,
  places: Int32Array,
): { labels: Labels; places: Int32Array } {
  const turn = (at: number): number => {
    const x = at % width;
    return x * height + (at - x) / width;
  };
  const turned = new Uint32Array(data.length);
  for (let at = 0; at < data.length; at++) turned[turn(at)] = data[at]!;
  return {
    labels: { width: height, height: width, data: turned },
    places: places.map(turn),
  };
}

/** Where a ray goes: up or down, and so far aside each step. */
interface Ray {
  /** 1 down, −1 up. */
  readonly sign: number;
  /** Columns to the right for each row down, −1 to 1. */
  readonly slope: number;
}

/** How many steps along a ray stay in each pixel's object. */
function countSteps(
  { width, height, data }: Labels,
  { sign, slope }: Ray,
  steps: Int32Array,
): void {
  const last = sign > 0 ? height - 1 : 0;
  steps.fill(0, last * width, (last + 1) * width);
  for (let away = 1; away < height; away++) {
    const y = last - sign * away, row = y * width;
    const aside = Math.round((y + sign) * slope) - Math.round(y * slope);
    const ahead = sign * width + aside;
    const from = row + Math.max(0, -aside);
    const to = row + Math.min(width, width - aside);
    // Beyond the image, no step stays in the object.
    if (aside < 0) steps[row] = 0;
    if (aside > 0) steps[row + width - 1] = 0;
    for (let at = from; at < to; at++) {
      const next = at + ahead;
      steps[at] = data[at] === data[next] ? steps[next]! + 1 : 0;
    }
  }
}
