import type { Augmentation } from "@unet/augment";
import type { Modality, ScaleRange } from "@unet/data";
import type { InputConvention, NetworkName, Padding } from "@unet/model";
import type { InstanceHeadName } from "@unet/task";
import type { LogName } from "@unet/train/log-names";
import type { DataSetting } from "./data_sources.ts";
import type { Shares } from "./shares_setting.ts";
import type { ReadingSettings } from "./reading_settings.ts";
import type { OptimizerName, RecipeName, SchedulerName } from "./recipes.ts";

/** The names of {@linkcode TrainSettings.normalization}. */
export const normalizationNames = ["stretch-dark", "percentiles"] as const;

/** One of {@linkcode normalizationNames}. */
export type NormalizationName = typeof normalizationNames[number];

/** The values of {@linkcode TrainSettings.gradientSums}. */
export const gradientSumsNames = ["auto", "overlap", "after"] as const;

/** When ranks sum gradients: one of {@linkcode gradientSumsNames}. */
export type GradientSumsName = typeof gradientSumsNames[number];

/** Every setting of a training run, resolved; what `config.json` holds. */
export interface TrainSettings extends ReadingSettings {
  /** The run folder. */
  readonly out: string;
  /** Whether the run is there already and continues. */
  readonly resume: boolean;
  /** Folder or zip of images and masks, or several; null for drawn ones. */
  readonly data: DataSetting;
  /** The file that gives each image a role; null where a split is drawn. */
  readonly roles: string | null;
  /** The role of the images to train on; null for "train". */
  readonly trainRole: string | null;
  /** The role of the images to validate on; null for "validation". */
  readonly validationRole: string | null;
  /** How much of each epoch groups of images are; null for all tiles alike. */
  readonly shares: Shares | null;
  /**
   * Share of the images held out to judge by; 0 for none; null for what suits
   * their number.
   */
  readonly validation: number | null;
  /** Share kept out altogether. */
  readonly test: number;
  /** Only images that were taken so; null for all. */
  readonly modality: readonly Modality[] | null;
  /** Whether faulty images are left out instead of stopping. */
  readonly skipFaulty: boolean;
  /**
   * How values are spread: each channel by its percentiles where `channels` are
   * chosen, else color by one of two rules.
   */
  readonly normalization: NormalizationName;
  /** The random changes to tiles, by name. */
  readonly augment: readonly Augmentation[];
  /** Multiplies how often each is applied. */
  readonly augmentStrength: number;
  /** The scales at which tiles are shown; null for 1 alone. */
  readonly scales: ScaleRange | null;
  /** The network, by its name. */
  readonly network: NetworkName;
  /** Multiplies channels; null for what suits the device. */
  readonly width: number | null;
  /** Whether batch norm follows bottleneck's and decoder's convolutions. */
  readonly batchNorm: boolean;
  /** What convolutions do at the border. */
  readonly padding: Padding;
  /** Whether the network predicts the borders of nuclei too. */
  readonly boundaries: boolean;
  /** How much the borders' loss counts; null for its default. */
  readonly boundaryWeight: number | null;
  /** Further heads by which touching objects may be separated. */
  readonly instanceHeads: readonly InstanceHeadName[];
  /** Share of bottleneck features dropped. */
  readonly dropout: number;
  /** Whether the encoder stays as it is, or how many of its blocks do. */
  readonly freezeEncoder: boolean | number;
  /** The epoch from which on the encoder is trained after all, or null. */
  readonly unfreezeAt: number | null;
  /** Batches that batch norm's statistics are averaged over. */
  readonly batchNormBatches: number;
  /** Whether batch norm takes the statistics of all ranks of an MPI job. */
  readonly syncBatchNorm: boolean;
  /** When ranks sum gradients. */
  readonly gradientSums: GradientSumsName;
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
  /** Passes through the training images. */
  readonly epochs: number;
  /** Epochs without a higher validation F1 until training ends, or null. */
  readonly patience: number | null;
  /** Tiles per epoch, or null for all. */
  readonly tilesPerEpoch: number | null;
  /** Tiles per step. */
  readonly batch: number;
  /** The loss function, by its name. */
  readonly loss: string;
  /** How much each class counts in the loss; null for alike. */
  readonly classWeights: readonly number[] | null;
  /** How gradients change weights. */
  readonly optimizer: OptimizerName;
  /** The largest learning rate. */
  readonly learningRate: number;
  /** Momentum of SGD. */
  readonly momentum: number;
  /** Whether the momentum is Nesterov's. */
  readonly nesterov: boolean;
  /** Pull of weights toward zero. */
  readonly weightDecay: number;
  /** How the learning rate moves. */
  readonly scheduler: SchedulerName;
  /** Epochs of the scheduler's first period; null for its default. */
  readonly period: number | null;
  /** Decides weights and augmentation, and the split where none does. */
  readonly seed: number;
  /** Decides the split; null for the seed. */
  readonly splitSeed: number | null;
  /** Steps between savings within an epoch, or null. */
  readonly saveEvery: number | null;
  /** The logs that are written besides metrics.csv. */
  readonly log: readonly LogName[];
  /** What computes. */
  readonly device: string;
  /** Of the computation. */
  readonly precision: "float32" | "mixed";
  /** Threads that read and augment ahead. */
  readonly workers: number;
}

/** Settings of a training; those left out have defaults. */
export interface TrainChoices extends Partial<TrainSettings> {
  /** Which recipe gives the defaults; "standard" if not given. */
  readonly recipe?: RecipeName;
}
