import type { Trial } from "../study.ts";
import { formatDuration } from "./_format.ts";

/**
 * What a trial came to: its values, or what it reported last where it has
 * none, as of a pruned or a running one.
 */
export function valuesOf(trial: Trial): readonly number[] {
  if (trial.values) return trial.values;
  if (trial.state === "failed") return [];
  const last = lastStep(trial);
  return last === undefined ? [] : [trial.intermediateValues.get(last)!];
}

/** The last step of which a trial reported something. */
export function lastStep(trial: Trial): number | undefined {
  let last: number | undefined;
  for (const step of trial.intermediateValues.keys()) {
    if (last === undefined || step > last) last = step;
  }
  return last;
}

/** How long a trial took; nothing of one that is not finished. */
export function timeOf({ started, completed }: Trial): string {
  return started && completed
    ? formatDuration(Math.max(0, completed.getTime() - started.getTime()))
    : "";
}
