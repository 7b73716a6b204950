import type { Study, Trial } from "../study.ts";
import { trialAttributes } from "./trial_attributes.ts";

/**
 * The trials that count toward a total: all that were started, but for those
 * whose parameters were queued again since, which count as their successor.
 *
 * @param study The study.
 *
 * @example
 * ```ts
 * import { startedTrials } from "@unet/tune/run";
 * import type { Study, Trial } from "@unet/tune";
 * import { assertEquals } from "@std/assert";
 *
 * const trial: Trial = {
 *   id: 0,
 *   number: 0,
 *   state: "failed",
 *   values: null,
 *   params: {},
 *   distributions: {},
 *   intermediateValues: new Map(),
 *   userAttributes: {},
 *   systemAttributes: {},
 *   started: null,
 *   completed: null,
 * };
 * const again: Trial = {
 *   ...trial,
 *   id: 1,
 *   number: 1,
 *   state: "running",
 *   systemAttributes: { failed_trial: 0, retry_history: [0] },
 * };
 * const study: Study = {
 *   id: 0,
 *   name: "unet",
 *   directions: ["maximize"],
 *   userAttributes: {},
 *   systemAttributes: {},
 *   trials: [trial, again],
 * };
 * assertEquals(startedTrials(study), [again]);
 * ```
 */
export function startedTrials({ trials }: Study): Trial[] {
  const retried = new Set(trials.flatMap(retryHistory));
  return trials.filter(({ number, state }) =>
    state !== "waiting" && !(state === "failed" && retried.has(number))
  );
}

/**
 * The trials of the same parameters before this one, as numbers. The attribute
 * is read from a file that anybody may have written.
 */
export function retryHistory({ systemAttributes }: Trial): number[] {
  const history = systemAttributes[trialAttributes.retryHistory];
  return Array.isArray(history)
    ? history.filter((one) => Number.isSafeInteger(one) && one >= 0)
    : [];
}
