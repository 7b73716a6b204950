import type { FloatDistribution, IntDistribution } from "../distribution.ts";

/** A float or int distribution. */
export type NumericDistribution = FloatDistribution | IntDistribution;

/** The greatest value that lies whole steps above the least. */
export function highestOf({ low, high, step }: NumericDistribution): number {
  if (step === null) return high;
  // 0.3 / 0.1 is less than 3 as doubles divide.
  const steps = Math.floor((high - low) / step * (1 + 4 * Number.EPSILON));
  return Math.min(low + steps * step, high);
}

/** The line on which a parameter is drawn. */
export interface NumericRange {
  /** From where, half a step below the least value. */
  readonly low: number;
  /** To where, half a step above the greatest value. */
  readonly high: number;
}

/** The line of a distribution, of logarithms if it is logarithmic. */
export function rangeOf(distribution: NumericDistribution): NumericRange {
  const half = (distribution.step ?? 0) / 2;
  const low = distribution.low - half, high = highestOf(distribution) + half;
  return distribution.log
    ? { low: Math.log(low), high: Math.log(high) }
    : { low, high };
}

/** The value of a parameter at a place on its line. */
export function valueAt(
  distribution: NumericDistribution,
  place: number,
): number {
  const { low, step, log } = distribution;
  const high = highestOf(distribution);
  const value = log ? Math.exp(place) : place;
  const stepped = step === null
    ? value
    : low + Math.round((value - low) / step) * step;
  return Math.min(Math.max(stepped, low), high);
}
