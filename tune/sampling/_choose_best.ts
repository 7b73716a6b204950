import type { Random } from "@unet/random";
import type { Choice, Space } from "../distribution.ts";
import type { Trial } from "../study.ts";
import { numberOf, paramsOf } from "./_params_of.ts";
import {
  drawPoint,
  logDensity,
  type ParzenEstimator,
  parzenEstimator,
} from "./_parzen_estimator.ts";
import type { SplitTrials } from "./_split_trials.ts";

/** The most promising of points drawn near the good trials. */
export function chooseBest(
  space: Space,
  { good, bad }: SplitTrials,
  candidates: number,
  random: Random,
): Record<string, Choice> {
  const names = Object.keys(space);
  if (names.length === 0) return {};
  const near = estimate(good, space), far = estimate(bad, space);
  let best: number[] | null = null, most = -Infinity;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const point = drawPoint(near, random);
    const gain = logDensity(near, point) - logDensity(far, point);
    if (best !== null && !(gain > most)) continue;
    best = point;
    most = gain;
  }
  return Object.fromEntries(names.map((name, at) => {
    const distribution = space[name]!, value = best![at]!;
    return [
      name,
      distribution.kind === "categorical"
        ? distribution.choices[value]!
        : value,
    ];
  }));
}

/** The density of those trials that have all the parameters. */
export function estimate(
  trials: readonly Trial[],
  space: Space,
): ParzenEstimator {
  const names = Object.keys(space);
  const rows = trials.map((trial) => {
    const params = paramsOf(trial);
    return names.map((name) =>
      numberOf(
        Object.hasOwn(params, name) ? params[name] : undefined,
        space[name]!,
      )
    );
  }).filter((row): row is number[] => row.every((value) => value !== null));
  return parzenEstimator(
    Object.fromEntries(names.map((name, at) => [
      name,
      rows.map((row) => row[at]!),
    ])),
    space,
  );
}
