import { squaredDistances } from "@unet/data";
import type { Frame } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";

/** Steps of the relief a pixel of distance. */
export const reliefSteps = 64;

/**
 * Makes the relief that nuclei which touch are told apart by: the exact
 * Euclidean distance to what is not the component, smoothed by a Gaussian cut
 * off at four deviations, in whole steps. Where nothing is known, beyond the
 * image, there is nothing to be near to.
 *
 * @param frame Where the component is.
 * @param space Holds it, and takes the relief.
 * @param smoothing The Gaussian's deviation in pixels.
 * @param isKnown Whether the image has this pixel of the frame.
 * @returns The highest value, or null if the component has no border.
 */
export function makeDistanceRelief(
  { width, height }: Frame,
  { inside, relief }: Workspace,
  smoothing: number,
  isKnown: (x: number, y: number) => boolean,
): number | null {
  let values = squaredDistances(
    width,
    height,
    (x, y) => inside[y * width + x] === 0 && isKnown(x, y),
  );
  if (values[0] === Infinity) return null;
  for (let at = 0; at < values.length; at++) {
    values[at] = inside[at] ? Math.sqrt(values[at]!) : 0;
  }
  if (smoothing > 0) values = smooth(values, width, height, smoothing);
  let highest = 0;
  for (let at = 0; at < values.length; at++) {
    const value = inside[at] ? Math.round(reliefSteps * values[at]!) : 0;
    relief[at] = value;
    if (value > highest) highest = value;
  }
  return highest;
}

/** A Gaussian along rows and columns; 0 beyond the frame. */
function smooth(
  values: Float64Array,
  width: number,
  height: number,
  deviation: number,
): Float64Array {
  const reach = Math.floor(4 * deviation + 0.5);
  const weights = Float64Array.from(
    { length: reach + 1 },
    (_, distance) => Math.exp(-0.5 * (distance / deviation) ** 2),
  );
  const sum = 2 * weights.reduce((a, b) => a + b) - weights[0]!;
  for (let i = 0; i <= reach; i++) weights[i]! /= sum;
  const along = (
    from: Float64Array,
    step: number,
    length: number,
    lineStep: number,
    lines: number,
  ): Float64Array => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < length; i++) {
        const at = line * lineStep + i * step;
        let total = weights[0]! * from[at]!;
        const before = Math.min(reach, i);
        const after = Math.min(reach, length - 1 - i);
        for (let d = 1; d <= before; d++) {
          total += weights[d]! * from[at - d * step]!;
        }
        for (let d = 1; d <= after; d++) {
          total += weights[d]! * from[at + d * step]!;
        }
        to[at] = total;
      }
    }
    return to;
  };
  const columns = along(values, width, height, 1, width);
  return along(columns, 1, width, width, height);
}
