import { squaredDistances } from "@unet/data/squared-distances";
import type { Frame } from "./_frame.ts";
import type { Workspace } from "./_workspace.ts";

/** Steps of the relief a pixel of distance. */
export const reliefSteps = 64;

/** How {@linkcode makeRelief} makes it. */
export interface ReliefOptions {
  /** The Gaussian's deviation in pixels. */
  readonly smoothing: number;
  /** How many pixels a certain border lowers it; 0 without borders. */
  readonly borderWeight: number;
  /** Whether the image has this pixel of the frame. */
  readonly isKnown: (x: number, y: number) => boolean;
}

/**
 * Makes the relief that objects which touch are separated by: the exact
 * Euclidean distance to what is not the component, lowered on borders but not
 * below 0, then smoothed by a Gaussian cut off at four deviations, in whole
 * steps. Beyond the image, where nothing is known, there is nothing to be near
 * to. A component without any border is even except for the borders.
 *
 * @param frame Where the component is.
 * @param space Holds it, and takes the relief.
 * @param options How to make it.
 * @returns The highest value, or null if nothing can be separated.
 */
export function makeRelief(
  frame: Frame,
  space: Workspace,
  { smoothing, borderWeight, isKnown }: ReliefOptions,
): number | null {
  const { width, height } = frame, { inside, border, relief } = space;
  const values = squaredDistances(
    width,
    height,
    (x, y) => inside[y * width + x] === 0 && isKnown(x, y),
  );
  if (values[0] === Infinity) {
    if (borderWeight === 0) return null;
    values.fill(borderWeight ** 2);
  }
  for (let at = 0; at < values.length; at++) {
    const lowered = borderWeight === 0 ? 0 : borderWeight * border[at]!;
    const value = Math.sqrt(values[at]!) - lowered;
    values[at] = inside[at] && value > 0 ? value : 0;
  }
  if (smoothing > 0) smooth(values, space, frame, smoothing);
  let highest = 0;
  for (let at = 0; at < values.length; at++) {
    const value = inside[at] ? Math.round(reliefSteps * values[at]!) : 0;
    relief[at] = value;
    if (value > highest) highest = value;
  }
  return highest;
}

/** Smooths values by a Gaussian, on the component; 0 is all around. */
function smooth(
  values: Float64Array,
  space: Workspace,
  { width, height }: Frame,
  deviation: number,
): void {
  const weights = gaussian(deviation), reach = weights.length - 1;
  // With a margin, so that no step asks where the frame ends.
  const stride = width + 2 * reach, length = stride * (height + 2 * reach);
  space.reserveMargined(length);
  const { inside, margined, filtered } = space;
  margined.fill(0, 0, length);
  for (let y = 0; y < height; y++) {
    const row = (y + reach) * stride + reach;
    for (let x = 0; x < width; x++) margined[row + x] = values[y * width + x]!;
  }
  filtered.fill(0, 0, stride * height);
  for (let y = 0; y < height; y++) {
    const from = (y + reach) * stride + reach, to = y * stride + reach;
    for (let x = 0; x < width; x++) {
      filtered[to + x] = weighted(margined, from + x, stride, weights);
    }
  }
  for (let y = 0, at = 0; y < height; y++) {
    const from = y * stride + reach;
    for (let x = 0; x < width; x++, at++) {
      if (!inside[at]) continue;
      values[at] = weighted(filtered, from + x, 1, weights);
    }
  }
}

function weighted(
  values: Float64Array,
  at: number,
  step: number,
  weights: Float64Array,
): number {
  const reach = weights.length - 1;
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
