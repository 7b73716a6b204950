import { type Device, openDevice } from "@unet/device";
import { cannot, UsageError } from "@unet/errors";
import { fitOutputSize, type Model } from "@unet/model";
import {
  createRun,
  type EpochReport,
  initialState,
  lockRun,
  requireNoRun,
  type RunFolder,
  type StepReport,
  Trainer,
  type TrainingState,
} from "@unet/train";
import type { TrainSettings } from "../settings/train_settings.ts";
import { buildModel, suitDevice } from "./build_model.ts";
import { cardOf } from "./model_card.ts";
import type { WeightsEvents } from "./model_from_weights.ts";
import { openStartedRun } from "./open_started_run.ts";
import { settingsOfModel } from "./settings_of_model.ts";
import { splitOf } from "./split_of.ts";
import {
  createLoaders,
  type DataEvents,
  fingerprintOf,
  prepareCases,
} from "./training_data.ts";
import { lossOf, optimizerOf, schedulerOf } from "./training_parts.ts";
import { writeContactSheet } from "./write_contact_sheet.ts";
import { writeSamples } from "./write_samples.ts";

/** What a training reports, all of it optional, and what ends it. */
export interface TrainEvents extends Partial<WeightsEvents & DataEvents> {
  /** The run folder could not be locked against every other process. */
  onUnlocked?(warning: string): void;
  /** The device is to be opened next: what it needs may be fetched. */
  beforeDevice?(): Promise<void>;
  /** The device was opened. */
  onDevice?(device: Device): void;
  /** All is ready for the first step. */
  onStart?(start: TrainStart): void | Promise<void>;
  /** A step was done. */
  onStep?(report: StepReport): void;
  /** An epoch was finished; the next one waits for what this returns. */
  onEpoch?(report: EpochReport): void | Promise<void>;
  /** When aborted, the training saves and ends. */
  readonly signal?: AbortSignal;
}

/** What a training starts from. */
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
  /** Steps per epoch. */
  readonly stepsPerEpoch: number;
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
  await using stack = new AsyncDisposableStack();
  // Before anything is written, or what a kill left is put right.
  const { warning } = stack.use(await lockRun(settings.out));
  if (warning !== null) events.onUnlocked?.(warning);
  if (!settings.resume) await requireNoRun(settings.out);
  await events.beforeDevice?.();
  const device = await openDevice(settings.device, {
    precision: settings.precision,
  });
  stack.defer(() => device.close());
  events.onDevice?.(device);
  const suited = suitDevice(settings, device);
  const cases = await prepareCases(suited, events);
  const fingerprint = await fingerprintOf(cases);
  const started = settings.resume
    ? await openStartedRun(settings.out, fingerprint, cases)
    : null;
  const split = started?.split ?? splitOf(settings, cases);
  const { model, startsFrom } = await buildModel(suited, events);
  stack.defer(() => model.dispose());
  checkTile(model, suited);
  const resolved = settingsOfModel(suited, model);
  const loaders = createLoaders(resolved, split, cases);
  stack.defer(() => loaders.train.close());
  stack.defer(() => loaders.validation.close());
  const optimizer = optimizerOf(resolved);
  stack.defer(() => optimizer.dispose());
  // Made last: a start that fails leaves no run behind.
  const created = started ?? await createRun(settings.out, {
    formatVersion: 1,
    settings: resolved,
    device: { name: device.name, version: device.version },
    dataset: { images: cases.length, fingerprint },
  }, split);
  const state = started ? await started.resume(model, optimizer) : initialState;
  const run = await withEpochs(created, resolved.epochs, state);
  // Also where a kill came before the first step was saved.
  if (state.step === 0 && resolved.augment.length > 0) {
    const shown = cases.find(({ id }) => id === split.train[0])!;
    await writeContactSheet(run, shown, resolved);
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
    stepsPerEpoch: loaders.train.length,
  });
  const data = { images: cases.length, fingerprint };
  const record = run.record(
    model,
    optimizer,
    cardOf(resolved, data, startsFrom),
  );
  return await new Trainer({
    optimizer,
    loss: lossOf(resolved),
    model,
    trainDataloader: loaders.train,
    testDataloader: loaders.validation,
    epochs: resolved.epochs,
    device,
    scheduler: schedulerOf(resolved, loaders.train.length),
    seed: resolved.seed,
    scoreStart: resolved.weights !== null,
    ...(resolved.batchNormBatches > 0 &&
      { batchNormBatches: resolved.batchNormBatches }),
    ...(resolved.unfreezeAt === null
      ? {}
      : { unfreezeAt: resolved.unfreezeAt }),
    state,
    record: {
      ...record,
      // With the best model, which goes before the last: a kill in between
      // repeats the epoch, and draws the same samples again.
      async saveBest(state) {
        await record.saveBest(state);
        await writeSamples(run, model, loaders.validation);
      },
    },
    ...(resolved.saveEvery === null ? {} : { saveEvery: resolved.saveEvery }),
    ...(events.signal && { signal: events.signal }),
    ...(events.onStep && { onStep: events.onStep }),
    ...(events.onEpoch && { onEpoch: events.onEpoch }),
  }).fit();
}

/** The number of epochs in a run's config.json. */
function epochsOf({ config }: RunFolder): number {
  const settings = config.settings as { readonly epochs: number };
  return settings.epochs;
}

/** Keeps another number of epochs, so that resuming needs it only once. */
async function withEpochs(
  run: RunFolder,
  epochs: number,
  state: TrainingState,
): Promise<RunFolder> {
  if (epochs === epochsOf(run) || epochs <= state.epoch) return run;
  const settings = { ...run.config.settings as TrainSettings, epochs };
  return await run.withConfig({ ...run.config, settings });
}

/** A model that was saved may take other tiles than the settings were for. */
function checkTile({ plan }: Model, { tile }: TrainSettings): void {
  const fit = fitOutputSize(plan, tile!);
  if (fit === tile) return;
  throw new UsageError(
    cannot("use", "setting", "tile", {
      found: `${tile}, which the network of \`weights\` does not give`,
      expected: String(fit),
    }),
  );
}
