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
  space: Workspace,
  smoothing: number,
  isKnown: (x: number, y: number) => boolean,
): number | null {
  const { inside, relief } = space;
  const values = squaredDistances(
    width,
    height,
    (x, y) => inside[y * width + x] === 0 && isKnown(x, y),
  );
  if (values[0] === Infinity) return null;
  if (smoothing > 0) smoothRoots(values, space, width, height, smoothing);
  else values.forEach((square, at) => values[at] = Math.sqrt(square));
  let highest = 0;
  for (let at = 0; at < values.length; at++) {
    const value = inside[at] ? Math.round(reliefSteps * values[at]!) : 0;
    relief[at] = value;
    if (value > highest) highest = value;
  }
  return highest;
}

/** Makes squares to their roots after a Gaussian; 0 is all around. */
function smoothRoots(
  values: Float64Array,
  space: Workspace,
  width: number,
  height: number,
  deviation: number,
): void {
  const weights = gaussian(deviation), reach = weights.length - 1;
  // With a margin, so that no step asks where the frame ends.
  const stride = width + 2 * reach, length = stride * (height + 2 * reach);
  space.reserveMargined(length);
  const { inside, margined, filtered } = space;
  margined.fill(0, 0, length);
  for (let y = 0, at = 0; y < height; y++) {
    const row = (y + reach) * stride + reach;
    for (let x = 0; x < width; x++, at++) {
      if (inside[at]) margined[row + x] = Math.sqrt(values[at]!);
    }
  }
  filtered.fill(0, 0, stride * height);
  for (let y = 0; y < height; y++) {
    const from = (y + reach) * stride + reach, to = y * stride + reach;
    for (let x = 0; x < width; x++) {
      filtered[to + x] = weighted(margined, from + x, stride, weights, reach);
    }
  }
  for (let y = 0, at = 0; y < height; y++) {
    const from = y * stride + reach;
    for (let x = 0; x < width; x++, at++) {
      if (!inside[at]) continue;
      values[at] = weighted(filtered, from + x, 1, weights, reach);
    }
  }
}

function weighted(
  values: Float64Array,
  at: number,
  step: number,
  weights: Float64Array,
  reach: number,
): number {
  let sum = weights[0]! * values[at]!;
  for (let i = 1, offset = step; i <= reach; i++, offset += step) {
    sum += weights[i]! * (values[at - offset]! + values[at + offset]!);
  }
  return sum;
}

/** Half of a Gaussian's weights, from its middle; the whole has the sum 1. */
function gaussian(deviation: number): Float64Array {
  const reach = Math.floor(4 * deviation + 0.5);
  const weights = new Float64Array(reach + 1);
  let sum = 0;
  for (let i = 0; i <= reach; i++) {
    weights[i] = Math.exp(-0.5 * (i / deviation) ** 2);
    sum += (i === 0 ? 1 : 2) * weights[i]!;
  }
  return weights.map((weight) => weight / sum);
}
