import { lastStep } from "../last_step.ts";
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
  return last === null ? [] : [trial.intermediateValues.get(last)!];
}

/** How long a trial took; nothing of one that is not finished. */
export function timeOf({ started, completed }: Trial): string {
  return started && completed
    ? formatDuration(Math.max(0, completed.getTime() - started.getTime()))
    : "";
}
