import type { Random } from "@unet/random";
import type { Distribution, Space } from "../distribution.ts";
import {
  highestOf,
  type NumericDistribution,
  rangeOf,
  valueAt,
} from "./_numeric_range.ts";
import { logNormalDensity } from "./_log_normal_cdf.ts";
import { logNormalMass, truncatedQuantile } from "./_truncated_normal.ts";

/** Values as numbers, by parameter: of a categorical one the choice's place. */
export type Observations = Readonly<Record<string, readonly number[]>>;

/** Each observation's kernel along one parameter, the prior's last. */
interface Dimension {
  /** A value near kernel `kernel`. */
  draw(kernel: number, random: Random): number;
  /** Logarithms of the kernels' densities at a value. */
  logDensities(value: number): Float64Array;
}

/** A mixture of kernels, each a product over the parameters. */
export interface ParzenEstimator {
  /** The kernels' weights, of sum 1. */
  readonly weights: Float64Array;
  /** By parameter, in the order of the space. */
  readonly dimensions: readonly Dimension[];
}

/**
 * Optuna's weights of `count` observations from old to new: the last 25 in full,
 * those before rising from 1 / count.
 */
export function weightsOf(count: number): Float64Array {
  const ramp = count - 25;
  return Float64Array.from({ length: count }, (_, at) => {
    if (at >= ramp) return 1;
    const start = 1 / count;
    if (ramp === 1) return start;
    return at === ramp - 1 ? 1 : start + at * ((1 - start) / (ramp - 1));
  });
}

/**
 * The tree-structured Parzen estimator's density of observations, as Optuna
 * makes it: a prior over the whole range has the weight of one observation.
 *
 * @param observations Equally many of each parameter, in the order of trials.
 */
export function parzenEstimator(
  observations: Observations,
  space: Space,
): ParzenEstimator {
  const names = Object.keys(space);
  const count = observations[names[0]!]!.length;
  const weights = Float64Array.of(...weightsOf(count), 1);
  const sum = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    weights: weights.map((weight) => weight / sum),
    dimensions: names.map((name) =>
      dimensionOf(observations[name]!, space[name]!)
    ),
  };
}

/** Draws a point: a number for each parameter. */
export function drawPoint(
  { weights, dimensions }: ParzenEstimator,
  random: Random,
): number[] {
  const kernel = drawIndex(weights, random);
  return dimensions.map((dimension) => dimension.draw(kernel, random));
}

/** The logarithm of the density at a point; of a discrete one, probability. */
export function logDensity(
  { weights, dimensions }: ParzenEstimator,
  point: readonly number[],
): number {
  const terms = weights.map(Math.log);
  dimensions.forEach((dimension, at) => {
    const densities = dimension.logDensities(point[at]!);
    for (let i = 0; i < terms.length; i++) terms[i]! += densities[i]!;
  });
  const most = terms.reduce((a, b) => Math.max(a, b));
  if (most === -Infinity) return -Infinity;
  return most +
    Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
}

function dimensionOf(
  observations: readonly number[],
  distribution: Distribution,
): Dimension {
  return distribution.kind === "categorical"
    ? categoricalDimension(observations, distribution.choices.length)
    : numericDimension(observations, distribution);
}

function categoricalDimension(
  observations: readonly number[],
  choices: number,
): Dimension {
  const kernels = observations.length + 1;
  const rows = Array.from({ length: kernels }, (_, kernel) => {
    const row = new Float64Array(choices).fill(1 / kernels);
    const seen = observations[kernel];
    if (seen !== undefined) row[seen]! += 1;
    const sum = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => weight / sum);
  });
  return {
    draw: (kernel, random) => drawIndex(rows[kernel]!, random),
    logDensities: (value) =>
      Float64Array.from(rows, (row) => Math.log(row[value]!)),
  };
}

function numericDimension(
  observations: readonly number[],
  distribution: NumericDistribution,
): Dimension {
  const { log, step } = distribution;
  const { low, high } = rangeOf(distribution);
  const seen = log ? observations.map(Math.log) : observations;
  const centers = Float64Array.of(...seen, (low + high) / 2);
  const widths = Float64Array.of(...bandwidths(seen, low, high), high - low);
  const logMasses = centers.map((center, kernel) =>
    logNormalMass(
      (low - center) / widths[kernel]!,
      (high - center) / widths[kernel]!,
    )
  );
  const logDensityNear = (value: number): (kernel: number) => number => {
    if (step === null) {
      const place = log ? Math.log(value) : value;
      return (kernel) =>
        logNormalDensity((place - centers[kernel]!) / widths[kernel]!) -
        Math.log(widths[kernel]!);
    }
    const [left, right] = [value - step / 2, value + step / 2]
      .map((edge) => log ? Math.log(edge) : edge) as [number, number];
    return (kernel) =>
      logNormalMass(
        (left - centers[kernel]!) / widths[kernel]!,
        (right - centers[kernel]!) / widths[kernel]!,
      );
  };
  return {
    draw(kernel, random) {
      const center = centers[kernel]!, width = widths[kernel]!;
      const quantile = truncatedQuantile(
        random.next(),
        (low - center) / width,
        (high - center) / width,
      );
      return valueAt(distribution, center + width * quantile);
    },
    logDensities(value) {
      if (value < distribution.low || value > highestOf(distribution)) {
        return new Float64Array(centers.length).fill(-Infinity);
      }
      const near = logDensityNear(value);
      return logMasses.map((logMass, kernel) => near(kernel) - logMass);
    },
  };
}

/**
 * A kernel is as wide as the farther of its neighbors is away, but not narrower
 * than a share of the range that shrinks with the number of kernels. The ends
 * of the range are neighbors only of one that has no other.
 */
function bandwidths(
  seen: readonly number[],
  low: number,
  high: number,
): Float64Array {
  const order = seen.map((_, at) => at).sort((a, b) => seen[a]! - seen[b]!);
  const sorted = order.map((at) => seen[at]!);
  const least = (high - low) / Math.min(100, seen.length + 2);
  const widths = new Float64Array(seen.length);
  order.forEach((at, rank) => {
    const value = sorted[rank]!;
    const before = value - (sorted[rank - 1] ?? low);
    const after = (sorted[rank + 1] ?? high) - value;
    const width = sorted.length === 1
      ? Math.max(before, after)
      : rank === 0
      ? after
      : rank === sorted.length - 1
      ? before
      : Math.max(before, after);
    widths[at] = Math.min(Math.max(width, least), high - low);
  });
  return widths;
}

/** Draws a place by probabilities of sum 1. */
function drawIndex(probabilities: Float64Array, random: Random): number {
  let left = random.next();
  for (let at = 0; at < probabilities.length - 1; at++) {
    left -= probabilities[at]!;
    if (left < 0) return at;
  }
  return probabilities.length - 1;
}
