import { createRandom } from "@unet/random";
import { cannot, TrainingError, UnetError } from "@unet/errors";
import type { Space } from "../distribution.ts";
import type { Journal } from "../journal/mod.ts";
import type { Pruner, Sampler } from "../sampling/mod.ts";
import type { Study, Trial } from "../study.ts";
import { proposeParams } from "./_propose_params.ts";
import { TrialRecord } from "./_trial_record.ts";
import { LostTrialError, type Objective, type Outcome } from "./objective.ts";
import {
  hasEnded,
  hasFallenSilent,
  heartbeatOf,
  type LostTrial,
  queueAgain,
  runningTrials,
  studyOf,
} from "./queue_again.ts";
import { startedTrials } from "./started_trials.ts";
import { trialAttributes } from "./trial_attributes.ts";

/** Options of {@linkcode optimize}. */
export interface OptimizeOptions {
  /** Tries parameters. */
  readonly objective: Objective;
  /** The parameters. */
  readonly space: Space;
  /** Chooses them. */
  readonly sampler: Sampler;
  /** Ends trials that do badly. */
  readonly pruner: Pruner;
  /** How many trials there shall be, over all workers, those there are too. */
  readonly trials: number;
  /** Decides, with a trial's number and those before it, its parameters. */
  readonly seed: number;
  /**
   * When aborted, the trial under way goes back into the queue and the call
   * ends with the signal's reason.
   */
  readonly signal?: AbortSignal;
  /** The worker's name, noted with its trials. */
  readonly worker?: string;
  /** Seconds between two heartbeats; 15 by default. */
  readonly heartbeat?: number;
  /**
   * Seconds of silence after which another worker's trial is taken for lost;
   * longer than the objective may keep the thread busy; 120 by default.
   */
  readonly grace?: number;
  /** How often the parameters of lost trials are tried again; 3 by default. */
  readonly retries?: number;
  /** Called with the study after each change that this worker made. */
  readonly onChange?: (study: Study) => void;
  /** Called with trials of other workers that were lost. */
  readonly onLost?: (lost: LostTrial) => void;
}

/** Milliseconds between two looks at the trials of others, in the end. */
const pause = 500;

/**
 * Works on a study until it has so many trials: takes those that wait in the
 * queue first, else makes one, chooses its parameters, tries them. Any number
 * of workers may do so over one file. The last ones wait for each other, to
 * take over what a dead one leaves.
 *
 * An objective that throws a `TrainingError`, as of a loss that is not finite,
 * makes its trial a failed one, with the message as user attribute `error`. Any
 * other error does so too, and ends the worker; where it is a `UnetError`, as of
 * a full disk, the parameters are queued again, for they are not to blame.
 *
 * @param journal The file.
 * @param studyId The study.
 * @param options What is tried and how.
 * @throws {unknown} What the objective threw, and the reason of an abort.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { Journal } from "@unet/tune/journal";
 * import { optimize } from "@unet/tune/run";
 * import { nopPruner, randomSampler } from "@unet/tune/sampling";
 *
 * const path = `${await Deno.makeTempDir()}/study.journal`;
 * const journal = await Journal.open(path);
 * const { id } = await journal.createStudy("parabola", ["minimize"]);
 * await optimize(journal, id, {
 *   objective: ({ params }) =>
 *     Promise.resolve({ value: Number(params.x) ** 2 }),
 *   space: { x: { kind: "float", low: -1, high: 1, log: false, step: null } },
 *   sampler: randomSampler(),
 *   pruner: nopPruner(),
 *   trials: 3,
 *   seed: 0,
 * });
 * const [study] = await journal.sync();
 * assertEquals(study!.trials.length, 3);
 * assert(study!.trials.every(({ state }) => state === "complete"));
 * ```
 */
export async function optimize(
  journal: Journal,
  studyId: number,
  options: OptimizeOptions,
): Promise<void> {
  const { signal, grace = 120, retries = 3, onLost } = options;
  for (;;) {
    signal?.throwIfAborted();
    const lost = await queueAgain(journal, studyId, {
      isLost: hasFallenSilent(grace),
      retries,
    });
    lost.forEach((one) => onLost?.(one));
    const trial = await nextTrial(journal, studyId, options);
    if (trial) {
      await runTrial(journal, studyId, trial, options);
      continue;
    }
    if (isOver(await studyOf(journal, studyId), options)) return;
    await delay(pause, signal);
  }
}

/** The next trial to run, or null where there are enough. */
async function nextTrial(
  journal: Journal,
  studyId: number,
  { trials, sampler, worker }: OptimizeOptions,
): Promise<Trial | null> {
  const isWanted = (study: Study): boolean =>
    startedTrials(study).length < trials;
  const waiting = await journal.claimWaiting(studyId, isWanted);
  if (waiting) return waiting;
  return await journal.createTrialIf(
    studyId,
    (study) =>
      isWanted(study) && !sampler.isExhausted?.(study) &&
      // What waits goes first, also what began to wait just now.
      study.trials.every(({ state }) => state !== "waiting"),
    {
      systemAttributes: {
        [trialAttributes.heartbeat]: new Date().toISOString(),
        ...(worker === undefined ? {} : { [trialAttributes.worker]: worker }),
      },
    },
  );
}

/**
 * Whether nothing is left, and nothing can come back. A trial without a
 * heartbeat is not one of ours to wait for.
 */
function isOver(study: Study, { trials }: OptimizeOptions): boolean {
  const isQueued = study.trials.some(({ state }) => state === "waiting");
  if (isQueued && startedTrials(study).length < trials) return false;
  return runningTrials(study).every((one) => heartbeatOf(one) === null);
}

async function runTrial(
  journal: Journal,
  studyId: number,
  trial: Trial,
  options: OptimizeOptions,
): Promise<void> {
  const { objective, seed, worker, heartbeat = 15, onChange } = options;
  await using record = new TrialRecord(journal, studyId, trial, {
    pruner: options.pruner,
    heartbeat,
    ...(options.signal && { signal: options.signal }),
    ...(worker === undefined ? {} : { worker }),
    ...(onChange && { onChange }),
  });
  const tryIt = async (): Promise<void> => {
    // One that this worker made has begun with a heartbeat.
    if (heartbeatOf(trial) === null) await record.beat();
    const params = await proposeParams(journal, studyId, trial, {
      ...options,
      random: createRandom(seed, trial.number),
    });
    await record.reportChange();
    const outcome = await objective(record.running(params));
    await record.finish(...endOf(trial, outcome, record.lastValue));
  };
  const giveUp = async (error: unknown): Promise<void> => {
    if (options.signal?.aborted) {
      await record.putBack();
      throw options.signal.reason;
    }
    const message = error instanceof Error ? error.message : String(error);
    await record.setUserAttribute(trialAttributes.error, message);
    if (error instanceof UnetError && !(error instanceof TrainingError)) {
      const { retries = 3 } = options;
      const isLost = ({ id }: Trial): boolean => id === trial.id;
      await queueAgain(journal, studyId, { isLost, retries });
      await record.reportChange();
      throw error;
    }
    await record.finish("failed");
    if (!(error instanceof TrainingError)) throw error;
  };
  try {
    await tryIt().catch(async (error) => {
      if (isLost(error)) throw error;
      await giveUp(error);
    });
  } catch (error) {
    // The others have its parameters; this worker continues with the next trial.
    if (!isLost(error)) throw error;
  }
}

function isLost(error: unknown): boolean {
  return error instanceof LostTrialError || hasEnded(error);
}

/** A pruned trial's value is the last one that it reported, as in Optuna. */
function endOf(
  { number }: Trial,
  outcome: Outcome,
  lastValue: number | undefined,
): ["complete" | "pruned", number?] {
  if (!("pruned" in outcome)) {
    if (!Number.isNaN(outcome.value)) return ["complete", outcome.value];
    throw new TrainingError(
      cannot("judge", "trial", String(number), {
        found: "a value that is not a number",
      }),
    );
  }
  return lastValue === undefined || Number.isNaN(lastValue)
    ? ["pruned"]
    : ["pruned", lastValue];
}

async function delay(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stop = () => resolve();
  signal?.addEventListener("abort", stop, { once: true });
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
}
