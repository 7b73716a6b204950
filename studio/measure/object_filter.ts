/** Which objects of a table are wanted, as plain data. */
export interface ObjectFilter {
  /** The least and the largest value of columns, by name; null for no limit. */
  readonly ranges: Readonly<Record<string, ValueRange>>;
  /** The classes that are wanted, "" for objects of none; null for all. */
  readonly classes: readonly string[] | null;
}

/** A least and a largest value, both included; null for no limit. */
export type ValueRange = readonly [least: number | null, most: number | null];

/** The filter that takes every object. */
export const noFilter: ObjectFilter = { ranges: {}, classes: null };

/** Whether a filter takes every object. */
export function takesAll({ ranges, classes }: ObjectFilter): boolean {
  return classes === null && Object.values(ranges)
    .every(([least, most]) => least === null && most === null);
}

/**
 * Whether a filter takes an object. A value that is not known is in no range.
 *
 * @param filter The filter.
 * @param valueOf The object's value in a column; NaN where it is not known.
 * @param className The object's class; empty for none.
 */
export function takesObject(
  { ranges, classes }: ObjectFilter,
  valueOf: (column: string) => number,
  className: string,
): boolean {
  if (classes !== null && !classes.includes(className)) return false;
  return Object.entries(ranges).every(([column, [least, most]]) => {
    if (least === null && most === null) return true;
    const value = valueOf(column);
    return !Number.isNaN(value) && value >= (least ?? -Infinity) &&
      value <= (most ?? Infinity);
  });
}

/** Entries of a filter, at most. */
const mostEntries = 1000;

/**
 * Takes a filter out of what a page sent.
 *
 * @param value What was sent.
 * @returns The filter; null where it is none.
 */
export function parseFilter(value: unknown): ObjectFilter | null {
  if (typeof value !== "object" || value === null) return null;
  const { ranges, classes } = value as Partial<Record<string, unknown>>;
  if (typeof ranges !== "object" || ranges === null) return null;
  const entries = Object.entries(ranges);
  const areRanges = entries.length <= mostEntries &&
    entries.every(([, range]) => isRange(range));
  const areClasses = classes === null ||
    Array.isArray(classes) && classes.length <= mostEntries &&
      classes.every((name) => typeof name === "string");
  if (!areRanges || !areClasses) return null;
  return { ranges: Object.fromEntries(entries), classes };
}

function isRange(value: unknown): value is ValueRange {
  return Array.isArray(value) && value.length === 2 &&
    value.every((limit) => limit === null || Number.isFinite(limit));
}
