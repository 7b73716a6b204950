import { basename, join } from "@std/path";
import { cannot, FileError, TrainingError, UsageError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { describeTrainer, type EpochRow, isRun, openRun } from "@unet/train";
import type { Objective, RunningTrial } from "@unet/tune/run";
import type { Doubt } from "../doubt.ts";
import { parseTrainSettings } from "../settings/parse_train_settings.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import type { InputValues } from "../settings/typed_values.ts";
import { trainRun } from "../training/train_run.ts";
import { settingsOfValues } from "./settings_of_values.ts";

/** Events of a trial. */
export interface TrialEvents {
  /** How far it is, in a line for people. */
  onProgress?(line: string): void;
  /** Something that a person should know, as a faulty image left out. */
  onNote?(line: string): void;
  /** An image leaves something open. */
  onWarning?(doubt: Doubt): void;
  /** The device of the first trial is to be opened next. */
  beforeDevice?(name: string, signal: AbortSignal): Promise<void>;
}

/** Options of {@linkcode trialObjective}. */
export interface TrialOptions {
  /** The folder of the run folders. */
  readonly out: string;
  /** The inputs that all trials share, those of the machine too. */
  readonly fixed: InputValues;
  /** Whether nothing may be fetched. */
  readonly offline: boolean;
  /** What is reported. */
  readonly events: TrialEvents;
}

/**
 * The objective of a study of trainings: trains by a trial's parameters in a
 * run folder of its own, reports the validation F1 of each epoch, and ends with
 * the best. A trial that was interrupted continues where its run was saved.
 */
export function trialObjective(options: TrialOptions): Objective {
  const { out, fixed, offline, events } = options;
  let device: string | undefined;
  return async (trial) => {
    const wanted = {
      ...await settingsOfTrial({ ...fixed, ...trial.params }, trial),
      out: join(out, trialName(trial.number)),
    };
    const settings = await goOn(wanted, trial, options) ?? wanted;
    await trial.setUserAttribute("run", basename(settings.out));
    const pruning = new AbortController();
    const signal = AbortSignal.any([trial.signal, pruning.signal]);
    const progress = (line: string): void =>
      events.onProgress?.(`Trial ${trial.number}: ${line}`);
    const reported = new Set<number>();
    const report = async (row: EpochRow): Promise<void> => {
      // What a trial starts from is no result of its settings.
      if (row.epoch === 0) return;
      reported.add(row.epoch);
      await trial.report(row.epoch, row.f1);
    };
    const pruneBefore = async (epochs: number): Promise<void> => {
      const isLast = reported.has(epochs);
      if (!isLast && await trial.shouldPrune()) pruning.abort();
    };
    const state = await trainRun({
      ...settings,
      // Chosen once: the trials of a worker are to be alike.
      device: device ?? settings.device,
    }, {
      signal,
      isOffline: offline,
      beforeDevice: async () => {
        if (device === undefined) {
          await events.beforeDevice?.(settings.device, signal);
        }
      },
      async onDevice({ name }) {
        device = name;
        await Promise.resolve();
      },
      onCached(done, all) {
        trial.signal.throwIfAborted();
        progress(`reading images ${done}/${all}`);
      },
      onUnlocked: (warning) => events.onNote?.(warning),
      onFault({ message }) {
        events.onNote?.(`Left out: ${message}`);
      },
      onWarning: (fault) => events.onWarning?.(fault),
      onWeights: (lines) => lines.forEach((line) => events.onNote?.(line)),
      onDownload: () => progress("fetching weights"),
      async onStart({ state, settings: { epochs } }) {
        progress(`epoch ${state.epoch + 1}/${epochs}`);
        for (const row of state.rows) await report(row);
        if (state.rows.length > 0) await pruneBefore(epochs);
      },
      onStep: ({ epoch, batch, batches, loss }) =>
        progress(
          `epoch ${epoch}/${settings.epochs}, step ${batch}/${batches}, ` +
            `loss ${loss.toFixed(4)}`,
        ),
      async onEpoch({ row }) {
        await report(row);
        await pruneBefore(settings.epochs);
      },
    });
    const isPruned = pruning.signal.aborted;
    if (state.epoch < settings.epochs && !isPruned) {
      trial.signal.throwIfAborted();
    }
    const trained = state.rows.filter(({ epoch }) => epoch > 0);
    const best = bestOf(trained);
    await noteResult(trial, trained, device!, best);
    if (isPruned) return { pruned: true };
    return { value: best!.f1 };
  };
}

/** The run folder of a trial, as in `trial-0007`. */
export function trialName(number: number): string {
  return `trial-${String(number).padStart(4, "0")}`;
}

/** Parameters that do not go together are the trial's fault, not the study's. */
async function settingsOfTrial(
  values: InputValues,
  { number }: RunningTrial,
): Promise<TrainSettings> {
  try {
    return await settingsOfValues(values, trialName(number));
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    throw new TrainingError(cause.message, { cause });
  }
}

/**
 * The settings to continue, where there is a run of this trial already, or of
 * the one that died with the same parameters. Its folder becomes this trial's,
 * unless its worker was only silent and is still at it: then the trial starts
 * anew, in a folder of its own.
 *
 * @returns The settings, or null where there is nothing to continue.
 * @throws {FileError} If the trial's folder is of another study, or cannot be
 * read or renamed.
 */
async function goOn(
  wanted: TrainSettings,
  { number, previous, userAttributes }: RunningTrial,
  { out, events }: TrialOptions,
): Promise<TrainSettings | null> {
  if (!await isRun(wanted.out)) {
    const folders = previous.toReversed()
      .map((number) => join(out, trialName(number)));
    const before = await firstRun(folders);
    if (before === null) return null;
    const trainer = await describeTrainer(before);
    if (trainer !== null) {
      const name = basename(before);
      events.onNote?.(
        `Trial ${number} starts anew, for ${name} is in use: ${trainer}`,
      );
      return null;
    }
    await rename(before, wanted.out);
  } else if (userAttributes.run === undefined) {
    // A trial notes its run before the run is made.
    throw new FileError(
      cannot("start", "trial in", wanted.out, {
        found: "a run that does not belong to this study",
        expected: "a new folder",
        remedy: "begin the study with another `out`",
      }),
    );
  }
  const { config } = await openRun(wanted.out);
  const { data, device, workers, saveEvery } = wanted;
  return {
    ...parseTrainSettings(config.settings, join(wanted.out, "config.json")),
    ...{ out: wanted.out, resume: true, data, device, workers, saveEvery },
  };
}

async function firstRun(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    if (await isRun(path)) return path;
  }
  return null;
}

async function rename(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (cause) {
    throw new FileError(
      cannot("continue", "run", from, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** The first epoch with the highest F1. */
function bestOf(rows: readonly EpochRow[]): EpochRow | null {
  return rows.reduce<EpochRow | null>(
    (best, row) => best === null || row.f1 > best.f1 ? row : best,
    null,
  );
}

async function noteResult(
  trial: RunningTrial,
  rows: readonly EpochRow[],
  device: string,
  best: { readonly epoch: number } | null,
): Promise<void> {
  const notes = {
    epochs: rows.length,
    device,
    seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
    best_epoch: best?.epoch ?? null,
  };
  for (const [key, value] of Object.entries(notes)) {
    await trial.setUserAttribute(key, value);
  }
}
