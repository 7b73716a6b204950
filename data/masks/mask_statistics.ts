import type { Background, StoredMask } from "./stored_mask.ts";

/** How often a number occurs. */
export interface ValueCount {
  pixels: number;
}

/** Counts of a mask's numbers. */
export interface MaskStatistics {
  /** How often each number besides background occurs. */
  readonly values: ReadonlyMap<number, ValueCount>;
  /** Whether there are more numbers than were counted, all of them fractions. */
  readonly isContinuous: boolean;
  /** Pixels of listed background. */
  readonly listed: number;
  /** Numbers below 0 that no one listed as background, and their pixels. */
  readonly negative: ReadonlyMap<number, number>;
  /** Pixels without a finite number that no one listed. */
  readonly invalid: number;
  /** Pixels of numbers that are not whole. */
  readonly fractional: number;
  /** The largest distance of a number from the background. */
  readonly top: number;
}

/** More different fractions than these are no object numbers. */
const mostFractions = 65536;

/** Counts the numbers of a mask. */
export function countMask(
  mask: StoredMask,
  background: Background,
  isListed: (value: number) => boolean,
): MaskStatistics {
  const { values } = mask;
  const counts = new Map<number, ValueCount>();
  const negative = new Map<number, number>();
  let isContinuous = false, listed = 0, invalid = 0, fractional = 0, top = 0;
  let last = NaN, lastCount: ValueCount | undefined;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value !== last) {
      last = value;
      lastCount = undefined;
      if (!background.has(value)) {
        lastCount = counts.get(value);
        if (!lastCount) {
          top = Math.max(top, background.distance(value));
          isContinuous ||= counts.size >= mostFractions && value % 1 !== 0;
          lastCount = { pixels: 0 };
          if (!isContinuous) counts.set(value, lastCount);
        }
      }
    }
    if (!lastCount) {
      if (value >= 0 && value < Infinity || isListed(value)) listed++;
      else if (!Number.isFinite(value)) invalid++;
      else negative.set(value, (negative.get(value) ?? 0) + 1);
      continue;
    }
    lastCount.pixels++;
    if (value % 1 !== 0) fractional++;
  }
  return {
    values: counts,
    isContinuous,
    listed,
    negative,
    invalid,
    fractional,
    top,
  };
}
