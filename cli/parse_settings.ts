import {
  type Augmentation,
  augmentations,
  reportAugmentations,
} from "@unet/augment";
import {
  type BackgroundValue,
  type MaskReading,
  maskReadings,
  modalities,
  type Modality,
} from "@unet/data";
import { brief, cannot, TrainingError } from "@unet/errors";
import {
  type InputConvention,
  inputConventions,
  type NetworkName,
  networkNames,
  type Padding,
  paddings,
} from "@unet/model";
import { lossNames } from "@unet/train";
import { choiceChecks } from "./card_settings.ts";
import { isBackground } from "./mask_flags.ts";
import { optimizerNames, schedulerNames } from "./recipe_names.ts";

/** Every setting of a training run, resolved; what `config.json` holds. */
export interface TrainSettings {
  /** The run folder. */
  readonly out: string;
  /** Whether the run is there already and goes on. */
  readonly resume: boolean;
  /** Folder or zip of images and masks; null for drawn ones. */
  readonly data: string | null;
  /** Shares of the images. */
  readonly validation: number;
  /** Share kept out altogether. */
  readonly test: number;
  /** Only images that were taken so; null for all. */
  readonly modality: readonly Modality[] | null;
  /** Whether faulty images are left out instead of stopping. */
  readonly skipFaulty: boolean;
  /** What of a mask is an object. */
  readonly mask: MaskReading;
  /** The numbers and colors of masks that are background. */
  readonly background: readonly BackgroundValue[];
  /** The channel that is read of images, or null. */
  readonly channel: number | string | null;
  /** The plane, or how planes are projected; null for the first. */
  readonly plane: number | "max" | "mean" | null;
  /** The time point; null for the first. */
  readonly time: number | null;
  /** The level of a pyramid; null for full size. */
  readonly level: number | null;
  /** The random changes to tiles, by name. */
  readonly augment: readonly Augmentation[];
  /** Multiplies how often each is applied. */
  readonly augmentStrength: number;
  /** The network, by its name. */
  readonly network: NetworkName;
  /** Multiplies channels; null for what suits the device. */
  readonly width: number | null;
  /** Whether batch norm follows bottleneck's and decoder's convolutions. */
  readonly batchNorm: boolean;
  /** What convolutions do at the border. */
  readonly padding: Padding;
  /** Whether the network tells the borders of nuclei too. */
  readonly boundaries: boolean;
  /** How much the borders' loss counts; null for its default. */
  readonly boundaryWeight: number | null;
  /** Share of bottleneck features dropped. */
  readonly dropout: number;
  /** Whether the encoder stays as it is, or how many of its blocks do. */
  readonly freezeEncoder: boolean | number;
  /** The epoch from which on the encoder is trained after all, or null. */
  readonly unfreezeAt: number | null;
  /** Batches that batch norm's statistics are averaged over. */
  readonly batchNormBatches: number;
  /** Whether batch norm stays as it is. */
  readonly freezeBatchNorm: boolean;
  /** A model or weights to start from, "imagenet" for published ones, or null. */
  readonly weights: string | null;
  /** Whether the weights may cover some layers only. */
  readonly weightsPartial: boolean;
  /** The input that the weights expect. */
  readonly weightsInput: InputConvention;
  /** Micrometers a pixel, for the model's card, or null. */
  readonly pixelScale: number | null;
  /** The license, for the model's card, or null. */
  readonly license: string | null;
  /** Height and width of a tile; null for what suits the device. */
  readonly tile: number | null;
  /** Passes over the training images. */
  readonly epochs: number;
  /** Tiles an epoch, or null for all. */
  readonly tilesPerEpoch: number | null;
  /** Tiles a step. */
  readonly batch: number;
  /** What is lowered. */
  readonly loss: string;
  /** How gradients change weights. */
  readonly optimizer: typeof optimizerNames[number];
  /** The largest learning rate. */
  readonly learningRate: number;
  /** Momentum of SGD. */
  readonly momentum: number;
  /** Whether the momentum is Nesterov's. */
  readonly nesterov: boolean;
  /** Pull of weights toward zero. */
  readonly weightDecay: number;
  /** How the learning rate moves. */
  readonly scheduler: typeof schedulerNames[number];
  /** Epochs of the scheduler's first period; null for its default. */
  readonly period: number | null;
  /** Decides weights and augmentation, and the split where none does. */
  readonly seed: number;
  /** Decides the split; null for the seed. */
  readonly splitSeed: number | null;
  /** Steps between savings within an epoch, or null. */
  readonly saveEvery: number | null;
  /** What computes. */
  readonly device: string;
  /** Of the computation. */
  readonly precision: "float32" | "mixed";
  /** Threads that read and augment ahead. */
  readonly workers: number;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isSwitch: Check = (value) => typeof value === "boolean";
const isAmount: Check = (value) => Number.isFinite(value) && Number(value) >= 0;
const isShare: Check = (value) => isAmount(value) && Number(value) < 1;
const isCount: Check = (value) =>
  Number.isSafeInteger(value) && isAmount(value);
const isPositive: Check = (value) => isCount(value) && value !== 0;
const isWidth: Check = (value) =>
  isAmount(value) && Number(value) > 0 && Number(value) <= 4;
const isOneOf = (names: readonly string[]): Check => (value) =>
  names.includes(value as string);
const isListOf = (names: readonly string[]): Check => (value) =>
  Array.isArray(value) && value.every((name) => names.includes(name));
const isSome = (names: readonly string[]): Check => (value) =>
  isListOf(names)(value) && (value as unknown[]).length > 0;
const orNull = (check: Check): Check => (value) =>
  value === null || check(value);

const checks: Readonly<Record<keyof TrainSettings, Check>> = {
  out: isText,
  resume: isSwitch,
  data: orNull(isText),
  validation: isShare,
  test: isShare,
  modality: orNull(isSome(modalities)),
  skipFaulty: isSwitch,
  channel: orNull(choiceChecks.channel.test),
  plane: orNull(choiceChecks.plane.test),
  time: orNull(choiceChecks.time.test),
  level: orNull(choiceChecks.level.test),
  mask: isOneOf(maskReadings),
  background: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isBackground),
  augment: isListOf(augmentations),
  augmentStrength: (value) => isAmount(value) && Number(value) <= 2,
  network: isOneOf(networkNames),
  width: orNull(isWidth),
  batchNorm: isSwitch,
  boundaries: isSwitch,
  boundaryWeight: orNull(isAmount),
  dropout: isShare,
  padding: isOneOf(paddings),
  freezeEncoder: (value) =>
    isSwitch(value) || isPositive(value) && Number(value) <= 5,
  unfreezeAt: orNull(isPositive),
  batchNormBatches: isCount,
  freezeBatchNorm: isSwitch,
  weights: orNull(isText),
  weightsPartial: isSwitch,
  weightsInput: isOneOf(inputConventions),
  pixelScale: orNull(isAmount),
  license: orNull(isText),
  tile: orNull(isPositive),
  epochs: isPositive,
  tilesPerEpoch: orNull(isPositive),
  batch: isPositive,
  loss: isOneOf(lossNames),
  optimizer: isOneOf(optimizerNames),
  learningRate: isAmount,
  momentum: isShare,
  nesterov: isSwitch,
  weightDecay: isAmount,
  scheduler: isOneOf(schedulerNames),
  period: orNull(isPositive),
  seed: isCount,
  splitSeed: orNull(isCount),
  saveEvery: orNull(isPositive),
  device: isText,
  precision: isOneOf(["float32", "mixed"]),
  workers: isCount,
};

/** Settings that runs of the first version lack, and what they mean then. */
const laterSettings: Partial<TrainSettings> = {
  batchNormBatches: 0,
  modality: null,
  channel: null,
  mask: "auto",
  background: [0],
  plane: null,
  time: null,
  level: null,
  splitSeed: null,
  augmentStrength: 1,
  tilesPerEpoch: null,
  padding: "same",
  boundaries: false,
  boundaryWeight: null,
  unfreezeAt: null,
  freezeBatchNorm: false,
  weightsPartial: false,
  weightsInput: "torchvision",
  pixelScale: null,
  license: null,
};

/**
 * Reads the settings of a run that is to go on. People edit such files.
 *
 * @param value The settings, as JSON.
 * @param path The file, for messages.
 * @returns The settings, each of its kind.
 * @throws {TrainingError} If one is missing or not of its kind.
 */
export function parseSettings(value: unknown, path: string): TrainSettings {
  const settings = {
    ...laterSettings,
    ...(value ?? {}) as Record<string, unknown>,
  } as Record<string, unknown>;
  // Runs of the first version say whether, not how.
  if (settings.augment === true) settings.augment = reportAugmentations;
  if (settings.augment === false) settings.augment = [];
  if (Object.hasOwn(settings, "encoder")) {
    settings.network ??= settings.encoder;
    delete settings.encoder;
  }
  for (const [name, check] of Object.entries(checks)) {
    if (check(settings[name])) continue;
    throw new TrainingError(
      cannot("resume", "run by", path, {
        found: `setting "${name}" with ${
          name in settings ? brief(settings[name]) : "no value"
        }`,
        expected: "what train wrote",
      }),
    );
  }
  return settings as unknown as TrainSettings;
}
