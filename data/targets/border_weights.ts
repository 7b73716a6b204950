/**
 * The Paper's weight map. Runs in a browser.
 *
 * @module
 */
import { nearestTwo } from "./_nearest_two.ts";
import { unlabeledAsBackground } from "./unlabeled_as_background.ts";
import type { Labels } from "../types.ts";

/** The numbers of {@linkcode borderWeights}. */
export interface BorderWeightOptions {
  /** The weight between two objects that touch, w0 of the Paper; 10. */
  readonly peak?: number;
  /** How far it reaches, in pixels, sigma of the Paper; 5. */
  readonly reach?: number;
  /**
   * The largest weight that balancing the classes gives a pixel; 10. An
   * object of one pixel would else weigh as much as all the rest.
   */
  readonly maximalBalance?: number;
}

/** A weight smaller than this share of the peak is not worked out. */
const negligible = 1e-8;

/**
 * The Paper's weight of each pixel (Ronneberger et al., 2015, equation 2),
 * which makes a network learn the narrow background between objects:
 *
 *     w(x) = wc(x) + w0 · exp(−(d1(x) + d2(x))² / (2 σ²))
 *
 * `wc` balances the classes: objects and background weigh as much as half of
 * all pixels each, or 1 where there is one class alone. `d1` and `d2` are the
 * exact Euclidean distances of a background pixel to the nearest and to the
 * second nearest object. On objects, and where there are fewer than two, the
 * second term is 0.
 *
 * @param labels The instances.
 * @param options The Paper's w0 and sigma, and a limit of the balance.
 * @returns A weight for each pixel, laid out as the labels, to an absolute
 * error of 1e-8 times the peak, beside rounding.
 * @throws {RangeError} If an option is not in its range.
 *
 * @example
 * ```ts
 * import { borderWeights } from "@unet/data";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = new Uint32Array([1, 0, 2]);
 * const weights = borderWeights({ width: 3, height: 1, data });
 * // One background pixel of three, one pixel from either object.
 * const expected = 3 / 2 + 10 * Math.exp(-(2 ** 2) / (2 * 5 ** 2));
 * assertAlmostEquals(weights[1]!, expected, 1e-5);
 * ```
 */
export function borderWeights(
  labels: Labels,
  { peak = 10, reach = 5, maximalBalance = 10 }: BorderWeightOptions = {},
): Float32Array {
  check("peak", peak, peak >= 0);
  check("reach", reach, reach > 0);
  check("maximalBalance", maximalBalance, maximalBalance >= 1);
  const instances = unlabeledAsBackground(labels), { data } = instances;
  const { first, second } = nearestTwo(
    instances,
    // Beyond this sum of distances, and so of either, nothing is left.
    reach * Math.sqrt(-2 * Math.log(negligible)),
  );
  const objects = data.reduce((sum, label) => sum + (label ? 1 : 0), 0);
  const balance = (count: number): number =>
    objects === 0 || objects === data.length
      ? 1
      : Math.min(maximalBalance, data.length / (2 * count));
  const onObject = balance(objects);
  const onBackground = balance(data.length - objects);
  const spread = 2 * reach * reach;
  return Float32Array.from(data, (label, pixel) => {
    if (label !== 0) return onObject;
    const sum = Math.sqrt(first[pixel]!) + Math.sqrt(second[pixel]!);
    return onBackground + peak * Math.exp(-sum * sum / spread);
  });
}

function check(name: string, value: number, right: boolean): void {
  if (right && Number.isFinite(value)) return;
  throw new RangeError(
    `Cannot weigh pixels: found ${name} ${value}, expected a number in its range`,
  );
}
