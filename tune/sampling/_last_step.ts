import type { Trial } from "../study.ts";

/** The greatest step that a trial reported, or null. */
export function lastStep({ intermediateValues }: Trial): number | null {
  let last: number | null = null;
  for (const step of intermediateValues.keys()) {
    if (last === null || step > last) last = step;
  }
  return last;
}
