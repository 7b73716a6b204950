import type { CachedCase } from "@unet/data";
import { type Device, openDevice } from "@unet/device";
import { cannot, TrainingError, UsageError } from "@unet/errors";
import { recoverFolder } from "@unet/files";
import { createModel, fitOutputSize, loadModel, type Model } from "@unet/model";
import { createRandom } from "@unet/random";
import {
  createRun,
  type EpochReport,
  initialState,
  lockRun,
  openRun,
  requireNoRun,
  type RunFolder,
  type StepReport,
  Trainer,
  type TrainingState,
} from "@unet/train";
import { basename, join } from "@std/path";
import { cardOf } from "./model_card.ts";
import {
  modelFromWeights,
  type WeightsListener,
} from "./model_from_weights.ts";
import { planOfSettings } from "./plan_of_settings.ts";
import { lossOf, optimizerOf, schedulerOf } from "./recipe.ts";
import { settingsOfModel } from "./settings_of_model.ts";
import { splitOf } from "./split_of.ts";
import {
  createLoaders,
  type DataListener,
  fingerprintOf,
  prepareCases,
} from "./training_data.ts";
import { writeContactSheet } from "./write_contact_sheet.ts";
import { writeSamples } from "./write_samples.ts";
import type { TrainSettings } from "./train_settings.ts";

/** The stream of random numbers that the first weights come from. */
const weightStream = -1;

/** What a training tells while it goes on. */
export interface TrainListener extends WeightsListener, DataListener {
  /** The run folder could not be locked against every other process. */
  onUnlocked(warning: string): void;
  /** The device is to be opened next: what it needs may be fetched. */
  beforeDevice(): Promise<void>;
  /** The device was opened. */
  onDevice(device: Device): void;
  /** All is ready for the first step. */
  onStart(start: TrainStart): void | Promise<void>;
  /** A step was done. */
  onStep(report: StepReport): void;
  /** An epoch was finished; the next one waits for what this returns. */
  onEpoch(report: EpochReport): void | Promise<void>;
  /** When aborted, the training saves and ends. */
  readonly signal: AbortSignal;
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
 */
export async function trainRun(
  settings: TrainSettings,
  listener: TrainListener,
): Promise<TrainingState> {
  await using stack = new AsyncDisposableStack();
  // Before anything is written, or what a kill left is put right.
  const { warning } = stack.use(await lockRun(settings.out));
  if (warning !== null) listener.onUnlocked(warning);
  if (!settings.resume) await requireNoRun(settings.out);
  await listener.beforeDevice();
  const device = await openDevice(settings.device, {
    precision: settings.precision,
  });
  stack.defer(() => device.close());
  listener.onDevice(device);
  const suited = suitDevice(settings, device);
  const cases = await prepareCases(suited, listener);
  const fingerprint = await fingerprintOf(cases);
  const started = settings.resume
    ? await openStartedRun(settings.out, fingerprint, cases)
    : null;
  const split = started?.split ?? splitOf(settings, cases);
  const { model, startsFrom } = await buildModel(suited, listener);
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
  await listener.onStart({
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
    signal: listener.signal,
    onStep: listener.onStep,
    onEpoch: listener.onEpoch,
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

async function openStartedRun(
  path: string,
  fingerprint: string,
  cases: readonly CachedCase[],
): Promise<RunFolder> {
  const run = await openRun(path);
  const { dataset } = run.config as { dataset?: { fingerprint?: unknown } };
  const expected = dataset?.fingerprint;
  if (expected !== fingerprint) {
    throw new TrainingError(
      cannot("resume", "run", path, {
        found: `data that has changed (fingerprint ${fingerprint})`,
        expected: `that of the run's start (${expected})`,
      }),
    );
  }
  const known = new Set(cases.map(({ id }) => id));
  for (const part of ["train", "validation"] as const) {
    const ids = run.split[part];
    const stranger = ids.find((id) => !known.has(id));
    if (ids.length > 0 && stranger === undefined) continue;
    throw new TrainingError(
      cannot("resume", "run by", join(path, "split.json"), {
        found: stranger === undefined
          ? `no images in "${part}"`
          : `image "${stranger}", which the data lacks, in "${part}"`,
        expected: "what train wrote",
      }),
    );
  }
  return run;
}

/** Fills in width and tile: what the device trains within minutes. */
export function suitDevice(
  settings: TrainSettings,
  device: Device,
): TrainSettings {
  const { width, tile } = device.gflops >= 150
    ? { width: 0.25, tile: 256 }
    : device.gflops >= 8
    ? { width: 0.125, tile: 256 }
    : { width: 0.125, tile: 96 };
  return {
    ...settings,
    width: settings.width ?? width,
    tile: settings.tile ?? fitOutputSize(settings, tile),
  };
}

/**
 * The network: of the run that goes on, of given weights, or a new one.
 *
 * @param settings The settings, suited to the device.
 * @param listener Told which weights it starts from, and of their download.
 * @returns The network, and for its card what it starts from.
 */
export async function buildModel(
  settings: TrainSettings,
  listener: WeightsListener,
): Promise<{ model: Model; startsFrom: string | null }> {
  const { dropout, freezeEncoder, freezeBatchNorm } = settings;
  const { out, resume, weights, seed } = settings;
  const startsFrom = weights === null ? null : basename(weights);
  const last = join(out, "last");
  if (resume && await recoverFolder(last)) {
    const changes = { dropout, freezeEncoder, freezeBatchNorm };
    return { model: await loadModel(last, changes), startsFrom };
  }
  const random = createRandom(seed, weightStream);
  if (weights !== null) {
    const model = await modelFromWeights(settings, random, listener);
    return { model, startsFrom };
  }
  return { model: createModel(planOfSettings(settings), random), startsFrom };
}

/** A model that was saved may take other tiles than the flags were for. */
function checkTile({ plan }: Model, { tile }: TrainSettings): void {
  const fit = fitOutputSize(plan, tile!);
  if (fit === tile) return;
  throw new UsageError(
    cannot("use", "flag", "--tile", {
      found: `${tile}, which the network of --weights does not give`,
      expected: String(fit),
    }),
  );
}
