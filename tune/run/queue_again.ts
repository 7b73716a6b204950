import { type Journal, JournalError } from "../journal/mod.ts";
import type { Study, Trial } from "../study.ts";
import { retryHistory } from "./started_trials.ts";
import { trialAttributes } from "./trial_attributes.ts";

/** Options of {@linkcode queueAgain}. */
export interface QueueAgainOptions {
  /** Which of the running trials are lost. */
  readonly isLost: (trial: Trial) => boolean;
  /** How often the same parameters are queued again; 3 by default. */
  readonly retries?: number;
}

/** A trial that was lost, and what was done about it. */
export interface LostTrial {
  /** The trial, as it was. */
  readonly trial: Trial;
  /** The trial that waits in its place; null where it was lost too often. */
  readonly successor: Trial | null;
}

/**
 * Marks running trials whose worker is gone as failed, and queues their
 * parameters again as Optuna's `RetryFailedTrialCallback` does: a waiting trial
 * with the same parameters and attributes, `failed_trial` and `retry_history`.
 *
 * @param journal The file.
 * @param studyId The study.
 * @param options Which trials, and how often.
 * @returns Those that this call marked; another worker may have been first.
 */
export async function queueAgain(
  journal: Journal,
  studyId: number,
  { isLost, retries = 3 }: QueueAgainOptions,
): Promise<LostTrial[]> {
  const lost: LostTrial[] = [];
  for (const trial of runningTrials(await studyOf(journal, studyId))) {
    if (!isLost(trial)) continue;
    if (!await fail(journal, trial)) continue;
    const history = [...retryHistory(trial), trial.number];
    const successor = history.length > retries
      ? null
      : await journal.createTrial(studyId, {
        state: "waiting",
        params: trial.params,
        distributions: trial.distributions,
        userAttributes: withoutError(trial.userAttributes),
        systemAttributes: {
          [trialAttributes.failedTrial]: trial.number,
          ...withoutOwn(trial.systemAttributes),
          [trialAttributes.retryHistory]: history,
        },
      });
    lost.push({ trial, successor });
  }
  return lost;
}

/** Whether this call ended it, and not another worker before. */
async function fail(journal: Journal, { id }: Trial): Promise<boolean> {
  try {
    await journal.setTrialState(id, "failed");
    return true;
  } catch (error) {
    if (hasEnded(error)) return false;
    throw error;
  }
}

/** Whether an error says that the trial has ended already. */
export function hasEnded(error: unknown): boolean {
  return error instanceof JournalError && error.reason === "finished";
}

/**
 * Finds trials whose heartbeat is too old. Clocks of machines that share a file
 * must agree to within the grace time.
 *
 * @param grace Seconds of silence after which a worker counts as dead.
 * @param now The time, in milliseconds.
 *
 * @example
 * ```ts
 * import { hasFallenSilent } from "@unet/tune/run";
 * import type { Trial } from "@unet/tune";
 * import { assertEquals } from "@std/assert";
 *
 * const trial: Trial = {
 *   id: 0,
 *   number: 0,
 *   state: "running",
 *   values: null,
 *   params: {},
 *   distributions: {},
 *   intermediateValues: new Map(),
 *   userAttributes: {},
 *   systemAttributes: { heartbeat: "2026-01-01T00:00:00.000Z" },
 *   started: new Date("2026-01-01T00:00:00Z"),
 *   completed: null,
 * };
 * const isLost = hasFallenSilent(60, Date.parse("2026-01-01T00:01:01Z"));
 * assertEquals(isLost(trial), true);
 * ```
 */
export function hasFallenSilent(
  grace: number,
  now: number = Date.now(),
): (trial: Trial) => boolean {
  return (trial) => {
    const heartbeat = heartbeatOf(trial);
    if (heartbeat === null) return false;
    // One that was queued again may hold a heartbeat from before.
    const last = Math.max(heartbeat, trial.started?.getTime() ?? -Infinity);
    return now - last > 1000 * grace;
  };
}

/** When the trial's worker was last alive, in milliseconds; null if unknown. */
export function heartbeatOf({ systemAttributes }: Trial): number | null {
  const time = Date.parse(String(systemAttributes[trialAttributes.heartbeat]));
  return Number.isNaN(time) ? null : time;
}

/** The trials that some worker is at. */
export function runningTrials({ trials }: Study): Trial[] {
  return trials.filter(({ state }) => state === "running");
}

/** The study as the file has it now. */
export async function studyOf(
  journal: Journal,
  studyId: number,
): Promise<Study> {
  const study = (await journal.sync()).find(({ id }) => id === studyId);
  if (study) return study;
  throw new RangeError(
    `Cannot find study ${studyId}: found no study of that number`,
  );
}

/** What the next try may not end with. */
function withoutError(
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { error: _, ...rest } = attributes;
  return rest;
}

/** What says nothing about the next worker. */
function withoutOwn(
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { heartbeat: _, worker: __, ...rest } = attributes;
  return rest;
}
