import type { Trial } from "./study.ts";

/**
 * The greatest step that a trial reported, or null if it reported none.
 *
 * @param trial The trial.
 *
 * @example
 * ```ts
 * import { lastStep, type Trial } from "@unet/tune";
 * import { assertEquals } from "@std/assert";
 *
 * const trial: Trial = {
 *   id: 0,
 *   number: 0,
 *   state: "running",
 *   values: null,
 *   params: {},
 *   distributions: {},
 *   intermediateValues: new Map([[1, 0.7], [2, 0.8]]),
 *   userAttributes: {},
 *   systemAttributes: {},
 *   started: new Date(),
 *   completed: null,
 * };
 * assertEquals(lastStep(trial), 2);
 * ```
 */
export function lastStep(
  { intermediateValues }: Pick<Trial, "intermediateValues">,
): number | null {
  let last: number | null = null;
  for (const step of intermediateValues.keys()) {
    if (last === null || step > last) last = step;
  }
  return last;
}
