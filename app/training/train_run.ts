import type { CachedCase } from "@unet/data";
import {
  type Communicator,
  createRun,
  DivergedError,
  type EpochReport,
  type GradientSums,
  gradientSumsOf,
  initialState,
  lockRun,
  requireNoRun,
  type RunFolder,
  singleProcess,
  type StepReport,
  Trainer,
  type TrainingRecord,
  type TrainingState,
} from "@unet/train";
import { ownIdOf, sourcesOf } from "../settings/data_sources.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import { cardDataOf } from "./card_data_of.ts";
import { type CardData, cardOf } from "./model_card.ts";
import { afterFirst } from "./on_ranks.ts";
import { openSession, type TrainingSession } from "./open_session.ts";
import type { SessionEvents } from "./session_events.ts";
import { createLoaders } from "./training_data.ts";
import { lossOf, schedulerOf } from "./training_parts.ts";
import { openTrainingLog, type TrainingLog } from "./training_log.ts";
import { writeContactSheet } from "./write_contact_sheet.ts";
import { writeSamples } from "./write_samples.ts";

/** Events of a training, all optional, and the signal that ends it. */
export interface TrainEvents extends SessionEvents {
  /** The run folder could not be locked against every other process. */
  onUnlocked?(warning: string): void;
  /** All is ready for the first step. */
  onStart?(start: TrainStart): void | Promise<void>;
  /** A step was done. */
  onStep?(report: StepReport): void;
  /** An epoch was finished; the next one waits for what this returns. */
  onEpoch?(report: EpochReport): void | Promise<void>;
  /** When aborted, the training saves and ends. */
  readonly signal?: AbortSignal;
}

/** The state of a training before its first step. */
export interface TrainStart {
  /** The settings, the width resolved. */
  readonly settings: TrainSettings;
  /** Images by use. */
  readonly images: { readonly train: number; readonly validation: number };
  /** Tiles by use. */
  readonly tiles: { readonly train: number; readonly validation: number };
  /** Where it continues. */
  readonly state: TrainingState;
  /** Epochs that config.json names where the run continues; else null. */
  readonly previousEpochs: number | null;
  /** The device that the run began on, where it is another; else null. */
  readonly otherDevice: string | null;
  /** Steps per epoch. */
  readonly stepsPerEpoch: number;
  /** The share of the pixels to train on that are labeled. */
  readonly labeled: number;
  /** When ranks sum gradients, and why; null for a process alone. */
  readonly gradientSums: GradientSums | null;
  /** Images by use of each source, where there are several. */
  readonly sources: NonNullable<CardData["sources"]>;
}

/**
 * Trains by settings: opens the device, reads or draws the images, builds or
 * loads the network, fits it, and leaves a run folder.
 *
 * @param settings Every setting.
 * @param events What is reported, and what ends it.
 * @returns Where the training stands: at its end, or where it was ended.
 */
export async function trainRun(
  settings: TrainSettings,
  events: TrainEvents = {},
): Promise<TrainingState> {
  const { communicator = singleProcess } = events;
  await using _lock = await afterFirst(
    communicator,
    () => enterRun(settings, events),
  );
  await using session = await openSession(settings, events);
  const { device, settings: resolved, cases } = session;
  const { started, split, model, origin, loaders, optimizer } = session;
  const { diameters } = origin, data = cardDataOf(session);
  const state = started ? await started.resume(model, optimizer) : initialState;
  if (communicator.rank > 0) {
    return await trainerOf(session, { ...events, state, communicator }).fit();
  }
  // Made last: a start that fails leaves no run behind.
  const created = started ?? await createRun(settings.out, {
    formatVersion: 1,
    settings: resolved,
    device: { name: device.name, version: device.version },
    dataset: data,
    ...(diameters && { diameters }),
  }, split);
  const run = await withLength(created, resolved, state);
  // Also where a kill came before the first step was saved.
  const isChanged = resolved.augment.length > 0 || resolved.scales !== null;
  if (state.step === 0 && isChanged) {
    const byId = new Map(cases.map((one) => [one.id, one]));
    const [shown, ...others] = split.train.map((id) => byId.get(id)!);
    await writeContactSheet(run, [shown!, ...others], resolved);
  }
  await events.onStart?.({
    settings: resolved,
    images: {
      train: split.train.length,
      validation: split.validation.length,
    },
    tiles: {
      train: loaders.train.tiles,
      validation: loaders.validation.tiles,
    },
    state,
    previousEpochs: started ? epochsOf(started) : null,
    otherDevice: started ? otherDevice(started, device.name) : null,
    stepsPerEpoch: loaders.train.length,
    gradientSums: communicator.size === 1
      ? null
      : gradientSumsOf(device, communicator, overlapOf(resolved)),
    labeled: labeledShare(cases, split.train),
    sources: data.sources ?? {},
  });
  const record = run.record(
    model,
    optimizer,
    cardOf(resolved, data, origin),
  );
  // Ranks have shares of the validation tiles; what is drawn is any of them.
  const shown = communicator.size === 1
    ? loaders
    : createLoaders(resolved, split, cases);
  try {
    using log = await openTrainingLog({
      ...{ run, settings: resolved, model, device, state },
      isResumed: started !== null,
      scheduler: schedulerOf(resolved, loaders.train.length),
      stepsPerEpoch: loaders.train.length,
    });
    return await fitLogged(
      log,
      trainerOf(session, {
        ...{ ...events, state, communicator },
        onStep(report) {
          log.step(report);
          events.onStep?.(report);
        },
        async onEpoch(report) {
          await log.epoch(report.row);
          await events.onEpoch?.(report);
        },
        record: {
          ...record,
          // With the best model, which goes before the last: a kill in between
          // repeats the epoch, and draws the same samples again.
          async saveBest(state) {
            await record.saveBest(state);
            log.samples(
              state,
              await writeSamples(run, model, shown.validation),
            );
          },
        },
      }),
    );
  } finally {
    shown.train.close();
    shown.validation.close();
  }
}

/** Trains, and logs how it ended. */
async function fitLogged(
  log: TrainingLog,
  trainer: Trainer,
): Promise<TrainingState> {
  try {
    const state = await trainer.fit();
    await log.end(state);
    return state;
  } catch (cause) {
    if (cause instanceof DivergedError) log.diverged(cause.at);
    throw cause;
  }
}

/** Takes the run folder: rank 0 alone writes there, the others nothing. */
async function enterRun(
  { out, resume }: TrainSettings,
  { communicator = singleProcess, onUnlocked }: TrainEvents,
): Promise<AsyncDisposable | null> {
  if (communicator.rank > 0) return null;
  // Before anything is written, or what a kill left is put right.
  const lock = await lockRun(out);
  try {
    if (lock.warning !== null) onUnlocked?.(lock.warning);
    if (!resume) await requireNoRun(out);
    return lock;
  } catch (cause) {
    await lock[Symbol.asyncDispose]();
    throw cause;
  }
}

/** What a session's Trainer gets besides the session. */
interface TrainerEvents extends TrainEvents {
  readonly state: TrainingState;
  readonly communicator: Communicator;
  readonly record?: TrainingRecord;
}

/** The Trainer of a session. */
function trainerOf(
  { settings, device, split, model, loaders, optimizer }: TrainingSession,
  { state, record, communicator, signal, onStep, onEpoch }: TrainerEvents,
): Trainer {
  const from = sourcesOf(settings.data), overlap = overlapOf(settings);
  return new Trainer({
    optimizer,
    loss: lossOf(settings),
    model,
    trainDataloader: loaders.train,
    testDataloader: loaders.validation,
    epochs: settings.epochs,
    ...(settings.patience !== null && { patience: settings.patience }),
    keep: split.validation.length > 0 ? "best" : "last",
    device,
    scheduler: schedulerOf(settings, loaders.train.length),
    seed: settings.seed,
    scoreStart: settings.weights !== null,
    ...(from.length > 1 && { sourceOf: (id) => ownIdOf(from, id).source }),
    ...(settings.batchNormBatches > 0 &&
      { batchNormBatches: settings.batchNormBatches }),
    ...(settings.unfreezeAt === null
      ? {}
      : { unfreezeAt: settings.unfreezeAt }),
    state,
    communicator,
    syncBatchNorm: settings.syncBatchNorm,
    ...(overlap === undefined ? {} : { overlap }),
    ...(record && { record }),
    ...(settings.saveEvery === null ? {} : { saveEvery: settings.saveEvery }),
    ...(signal && { signal }),
    ...(onStep && { onStep }),
    ...(onEpoch && { onEpoch }),
  });
}

/** Whether a person wants sums during the backward pass, or not. */
function overlapOf({ gradientSums }: TrainSettings): boolean | undefined {
  return gradientSums === "auto" ? undefined : gradientSums === "overlap";
}

/** The share of the pixels of some cases that are labeled. */
function labeledShare(
  cases: readonly CachedCase[],
  ids: readonly string[],
): number {
  const own = new Set(ids);
  let pixels = 0, labeled = 0;
  for (const { id, width, height, labeled: share } of cases) {
    if (!own.has(id)) continue;
    pixels += width * height;
    labeled += share * width * height;
  }
  return pixels === 0 ? 1 : labeled / pixels;
}

/** The device that a run began on, where it is not this one. */
function otherDevice({ config }: RunFolder, name: string): string | null {
  const began = (config.device as { readonly name?: unknown } | undefined)
    ?.name;
  return typeof began === "string" && began !== name ? began : null;
}

/** The number of epochs in a run's config.json. */
function epochsOf({ config }: RunFolder): number {
  const settings = config.settings as { readonly epochs: number };
  return settings.epochs;
}

/**
 * Keeps another number of epochs or another patience, so that resuming needs it
 * only once.
 */
async function withLength(
  run: RunFolder,
  { epochs, patience }: TrainSettings,
  state: TrainingState,
): Promise<RunFolder> {
  const before = run.config.settings as TrainSettings;
  const length = {
    epochs: epochs > state.epoch ? epochs : before.epochs,
    patience,
  };
  if (
    length.epochs === before.epochs && patience === (before.patience ?? null)
  ) return run;
  const settings = { ...before, ...length };
  return await run.withConfig({ ...run.config, settings });
}
