// @ts-types="@types/d3-scale"
import { scaleLinear, scaleLog } from "d3-scale";
import type { Choice } from "../distribution.ts";
import type { Trial } from "../study.ts";
import { formatChoice, formatNumber } from "./_format.ts";
import { isSameDistribution } from "./_same_distribution.ts";

/** From values to places along a line of a picture. */
export interface Axis {
  /** The place of a value; none of what the axis does not show. */
  at(value: Choice | undefined): number | undefined;
  /** What is marked. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Whether values have no order but that of a list. */
  readonly isChoice: boolean;
}

/** Where an axis begins and ends, in pixels. */
export type Range = readonly [from: number, to: number];

/** An axis that grows evenly; values beyond its ends are put at them. */
export function linearAxis(
  extent: readonly [number, number],
  range: Range,
  { count = 5, whole = false } = {},
): Axis {
  const ends = widen(extent);
  const scale = scaleLinear(ends, range).clamp(true);
  const isLarge = Math.max(...ends.map(Math.abs)) >= 1e4;
  const format = scale.tickFormat(count, isLarge ? "~s" : undefined);
  return {
    at: (value) =>
      typeof value === "number" && !Number.isNaN(value)
        ? scale(value)
        : undefined,
    ticks: scale.ticks(count)
      .filter((value) => !whole || Number.isInteger(value))
      .map((value) => ({
        at: scale(value),
        label: whole && !isLarge || value === 0 ? String(value) : format(value),
      })),
    isChoice: false,
  };
}

/** Ends far enough apart, and close enough, for steps between them. */
function widen(extent: readonly [number, number]): [number, number] {
  const [low, high] = extent.map((end) =>
    Math.max(-1e300, Math.min(1e300, end))
  ) as [number, number];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > 1e-9 * size && size > 1e-290) return [low, high];
  const pad = size > 1e-290 ? size / 10 : 0.5;
  return [low - pad, high + pad];
}

/** An axis that grows by factors, for values above 0. */
export function logAxis(
  [low, high]: readonly [number, number],
  range: Range,
): Axis {
  const ends = low < high ? [low, high] : [low / 2, high * 2];
  const scale = scaleLog(ends, range).clamp(true);
  return {
    at: (value) =>
      typeof value === "number" && value > 0 ? scale(value) : undefined,
    ticks: logTicks(ends[0]!, ends[1]!)
      .map((value) => ({ at: scale(value), label: formatTick(value) })),
    isChoice: false,
  };
}

function formatTick(value: number): string {
  return value < 1e4 ? formatNumber(value) : value.toExponential()
    .replace("+", "");
}

/** Powers of ten, or 1, 2 and 5 times those where they are few. */
function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
  const stride = Math.ceil((last - first) / 6);
  const isIn = (value: number) =>
    value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const ticks = (factors: readonly number[], step: number) => {
    const found: number[] = [];
    for (let power = first; power <= last; power += step) {
      for (const factor of factors) {
        const value = Number(`${factor}e${power}`);
        if (isIn(value)) found.push(value);
      }
    }
    return found;
  };
  const tens = ticks([1], stride);
  if (tens.length > 2) return tens;
  const more = ticks([1, 2, 5], 1);
  return more.length > 1 ? more : [low, high];
}

/** An axis of choices at even distances. */
export function choiceAxis(
  choices: readonly Choice[],
  [from, to]: Range,
): Axis {
  const place = (index: number) =>
    from + (to - from) * (index + 0.5) / choices.length;
  const stride = Math.ceil(choices.length / 16);
  return {
    at: (value) => {
      const index = choices.findIndex((choice) => Object.is(choice, value));
      return index < 0 ? undefined : place(index);
    },
    ticks: choices.map((choice, i) => ({
      at: place(i),
      label: formatChoice(choice),
    })).filter((_, i) => i % stride === 0),
    isChoice: true,
  };
}

/** The axis of a parameter: all that its distributions allow. */
export function parameterAxis(
  name: string,
  trials: readonly Trial[],
  range: Range,
  count?: number,
): Axis {
  const kinds = trials
    .filter(({ distributions }) => Object.hasOwn(distributions, name))
    .map(({ distributions }) => distributions[name]!)
    .filter((kind, i, all) =>
      i === 0 || !isSameDistribution(kind, all[i - 1]!)
    );
  const values = trials.filter(({ params }) => Object.hasOwn(params, name))
    .map(({ params }) => params[name]!);
  const numeric = kinds.filter((kind) => kind.kind !== "categorical");
  if (numeric.length < kinds.length || numeric.length === 0) {
    const listed = kinds.flatMap((kind) =>
      kind.kind === "categorical" ? kind.choices : []
    );
    return choiceAxis([...new Set([...listed, ...values])], range);
  }
  const ends = [...numeric.flatMap(({ low, high }) => [low, high]), ...values]
    .filter((value): value is number => Number.isFinite(value));
  const [low, high] = extentOf(ends);
  if (numeric.every(({ log }) => log) && low > 0) {
    return logAxis([low, high], range);
  }
  const whole = numeric.every(({ kind }) => kind === "int");
  return linearAxis([low, high], range, { whole, ...count && { count } });
}

/** The least and the greatest of numbers; 0 and 1 of none. */
export function extentOf(values: readonly number[]): [number, number] {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}
