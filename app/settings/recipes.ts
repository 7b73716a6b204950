import {
  type Augmentation,
  reportAugmentations,
} from "@unet/augment/augmentations";
import type { ScaleRange } from "@unet/data";

/** The optimizers that a person can name. */
export const optimizerNames = ["sgd", "adam", "adamw"] as const;

/** The name of an optimizer. */
export type OptimizerName = typeof optimizerNames[number];

/** The learning rate of each where neither a person nor drawn images decide. */
export const defaultLearningRates = {
  sgd: 0.4,
  adam: 0.001,
  adamw: 0.001,
} as const satisfies Record<OptimizerName, number>;

/** The most steps of a short training where nobody decides. */
export const mostTrialSteps = 400;

/** From where to where a range test of each goes: around its default. */
export const rangeTestEnds = {
  sgd: { minimum: 1e-4, maximum: 10 },
  adam: { minimum: 1e-5, maximum: 1 },
  adamw: { minimum: 1e-5, maximum: 1 },
} as const satisfies Record<
  typeof optimizerNames[number],
  { readonly minimum: number; readonly maximum: number }
>;

/** The learning rate schedules that a person can name. */
export const schedulerNames = [
  "warm-restarts",
  "cyclic",
  "cosine",
  "constant",
] as const;

/** The name of a learning rate schedule. */
export type SchedulerName = typeof schedulerNames[number];

/** The defaults of a recipe. */
export interface RecipeDefaults {
  /** The random changes to tiles, by name. */
  readonly augment: readonly Augmentation[];
  /** The scales at which tiles are shown; null for 1 alone. */
  readonly scales: ScaleRange | null;
  /** Tiles per step. */
  readonly batch: number;
  /** The loss function. */
  readonly loss: string;
  /** The loss function of classes. */
  readonly classLoss: string;
  /** How gradients change weights. */
  readonly optimizer: OptimizerName;
  /** Pull of weights toward zero. */
  readonly weightDecay: number;
  /** Whether batch norm keeps its statistics and scales, if it may. */
  readonly freezeBatchNorm?: boolean;
  /** Batches that batch norm's statistics are averaged over. */
  readonly batchNormBatches: number;
  /** How the learning rate moves. */
  readonly scheduler: SchedulerName;
  /** The largest learning rate, where it is not the optimizer's default. */
  readonly learningRate?: number;
  /** Epochs, where they are not the usual number. */
  readonly epochs?: number;
  /** Epochs without a higher validation F1 until it ends, if it has any. */
  readonly patience?: number;
  /** Tiles per epoch, where it is not all of them. */
  readonly tilesPerEpoch?: number;
  /** Null where the number of images decides whether some are held out. */
  readonly validation?: null;
}

/** What the program's own recipes share, but for changes to tiles. */
const shared = {
  batch: 8,
  loss: "bce+dice",
  classLoss: "ce+dice",
  optimizer: "adamw",
  weightDecay: 0.01,
  batchNormBatches: 24,
  scheduler: "cosine",
} as const;

/** The program's own recipe. */
const standard = {
  augment: ["flips", "rotation", "scaling", "elastic", "gamma"],
  scales: null,
  ...shared,
} as const;

/**
 * Recipes by name: the program's own, the same with changes that stand for
 * other microscopes, stains and files, and the report's.
 */
export const recipes = {
  standard,
  general: {
    augment: [
      "paste",
      "flips",
      "rotation",
      "elastic",
      "object-contrast",
      "hed",
      "hue",
      "channel-shuffle",
      "gray",
      "invert",
      "local-contrast",
      "strong-gamma",
      "gamma",
      "contrast",
      "brightness",
      "uneven-light",
      "blur",
      "noise",
      "jpeg",
    ],
    scales: { low: 0.4, high: 2.5 },
    ...shared,
  },
  finetune: {
    ...standard,
    // Batches of one kind have other statistics than those of many kinds that
    // the model learned from: by them it forgets at the first step.
    freezeBatchNorm: true,
    learningRate: 0.0005,
    epochs: 10,
    patience: 4,
    tilesPerEpoch: 64,
    validation: null,
  },
  report: {
    augment: reportAugmentations,
    scales: null,
    batch: 16,
    loss: "bce",
    classLoss: "ce",
    optimizer: "sgd",
    weightDecay: 0,
    batchNormBatches: 0,
    scheduler: "warm-restarts",
  },
} as const satisfies Record<string, RecipeDefaults>;

/** The recipes that a person can name. */
export const recipeNames = Object.keys(recipes) as RecipeName[];

/** The name of a recipe. */
export type RecipeName = keyof typeof recipes;

/** A recipe's default, and that of the other where it differs, in words. */
export function byRecipe(
  name: Exclude<keyof RecipeDefaults, "scales">,
): string {
  const [ours, reports] = [recipes.standard, recipes.report]
    .map((recipe: RecipeDefaults) => [recipe[name]].flat().join(", "));
  return ours === reports
    ? ours!
    : `${ours}; with \`recipe report\`, ${reports}`;
}

/**
 * What suits the small set that the program draws itself. Few steps of SGD move
 * weights far, so statistics are averaged over all its batches.
 */
export const drawnRecipe = {
  epochs: 20,
  batch: 8,
  learningRate: 0.05,
  loss: "bce+dice",
  classLoss: "ce+dice",
  augment: reportAugmentations,
  scales: null,
  optimizer: "sgd",
  weightDecay: 0,
  batchNormBatches: 8,
  scheduler: "warm-restarts",
} as const;
