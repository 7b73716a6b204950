/** How often values lie in equal parts of their range. */
export interface HistogramBins {
  /** The least value. */
  readonly low: number;
  /** The largest value. */
  readonly high: number;
  /** How many values each part has; the last one includes the largest. */
  readonly counts: readonly number[];
}

/**
 * Counts values in equal parts of a range.
 *
 * @param values The values; what is not finite is left out.
 * @param parts How many parts, at least 1.
 * @param range The range; that of the values by default.
 * @returns Null where there is no value.
 */
export function histogramBins(
  values: Iterable<number>,
  parts: number,
  range?: Pick<HistogramBins, "low" | "high">,
): HistogramBins | null {
  const known = [...values].filter(Number.isFinite);
  let { low, high } = range ?? { low: Infinity, high: -Infinity };
  if (!range) {
    for (const value of known) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(low <= high)) return null;
  const counts = Array<number>(parts).fill(0);
  for (const value of known) {
    if (value < low || value > high) continue;
    const part = low === high
      ? 0
      // Halves, for the range of the largest numbers is none itself.
      : Math.floor((value / 2 - low / 2) / (high / 2 - low / 2) * parts);
    counts[Math.min(parts - 1, part)]!++;
  }
  return { low, high, counts };
}
