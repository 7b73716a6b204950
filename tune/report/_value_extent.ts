import type { Direction } from "../study.ts";
import { extentOf } from "./_axis.ts";

/** What an axis of values shows. */
export interface ValueExtent {
  readonly ends: readonly [number, number];
  /** How many values lie beyond, on the worse side. */
  readonly beyond: number;
}

/**
 * From the best value to the worst that is not far off all others: a trial
 * that diverged would press the rest of them together.
 */
export function valueExtent(
  values: readonly number[],
  direction: Direction,
): ValueExtent {
  const sign = direction === "maximize" ? -1 : 1;
  const costs = values.filter(Number.isFinite).map((value) => value * sign)
    .sort((a, b) => a - b);
  const quantile = (part: number) =>
    costs[Math.floor(part * (costs.length - 1))] ?? 0;
  const [least, most] = extentOf(costs);
  const fence = quantile(0.75) + 3 * (quantile(0.75) - least);
  // Worth it only where much room is won.
  const isFar = costs.length > 7 && fence > least &&
    most - least > 4 * (fence - least);
  const shown = isFar ? costs.filter((cost) => cost <= fence) : costs;
  const [low, high] = extentOf(shown.map((cost) => cost * sign));
  const pad = (high - low) * 0.04;
  return {
    ends: [low - pad, high + pad],
    beyond: costs.length - shown.length,
  };
}
