import { resolve } from "@std/path";
import type { Augmentation } from "@unet/augment";
import { cannot, UsageError } from "@unet/errors";
import { fitOutputSize, sizeRule } from "@unet/model/networks";
import { findWeights, type WeightsSource } from "../training/find_weights.ts";
import { requireMasks } from "./choose_classes.ts";
import { classesOfSources } from "./classes_of_sources.ts";
import { resolveData, sourcesOf } from "./data_sources.ts";
import { chooseNetwork } from "./choose_network.ts";
import { defaultValidation } from "./hold_out.ts";
import { readingSettings } from "./reading_settings.ts";
import {
  defaultLearningRates,
  drawnRecipe,
  type OptimizerName,
  type RecipeDefaults,
  recipes,
} from "./recipes.ts";
import { requireRoles } from "./require_roles.ts";
import { ignoredOfSources } from "./ignored_of_sources.ts";
import { refusedSetting } from "./refused_setting.ts";
import { defaultsOf } from "./setting.ts";
import type {
  NormalizationName,
  TrainChoices,
  TrainSettings,
} from "./train_settings.ts";
import { trainTable } from "./train_table.ts";
import { weightsOfHeads } from "./weights_of_heads.ts";

/**
 * The settings of a new training: the user's settings, and defaults by
 * recipe, data and network for all else. Width and tile stay open where the
 * program draws the images, for the device decides them.
 *
 * @param choices The user's settings.
 * @returns Every setting.
 * @throws {UsageError} If choices contradict one another.
 * @throws {FileError} If the weights cannot be read.
 *
 * @example
 * ```ts
 * import { completeTrainSettings } from "@unet/app";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = await completeTrainSettings({ data: "cells", epochs: 5 });
 * assertEquals([settings.epochs, settings.optimizer], [5, "adamw"]);
 * assertEquals([settings.network, settings.tile], ["vgg16_bn", 256]);
 * ```
 */
export async function completeTrainSettings(
  choices: TrainChoices,
): Promise<TrainSettings> {
  const { recipe: recipeName, classes: named, ...others } = choices;
  const { objectClasses: kinds, ...given } = others;
  const data = resolveData(given.data ?? null), isDrawn = data === null;
  const source = await findWeights(choices);
  const network = chooseNetwork(choices, source);
  const recipe: RecipeDefaults = isDrawn && recipeName === undefined
    ? drawnRecipe
    : recipes[recipeName ?? "standard"];
  const { classLoss, ...usual } = recipe;
  const { classes, objectClasses } = await classesOfSources(sourcesOf(data), {
    classes: named,
    objectClasses: kinds,
  });
  const ignore = await ignoredOfSources(sourcesOf(data), {
    classes: named,
    ignore: given.ignore,
  });
  const optimizer = given.optimizer ?? recipe.optimizer;
  const epochs = given.epochs ?? recipe.epochs ??
    (isDrawn ? drawnRecipe.epochs : 30);
  const settings = {
    ...defaultsOf(trainTable),
    ...usual,
    ...(classes && { loss: classLoss }),
    ...weightsOfHeads(source.task, { classes, objectClasses }),
    augment: withoutObjects(recipe.augment, { classes, objectClasses }),
    learningRate: rateOf(optimizer, recipe, isDrawn),
    // Patience needs images to judge by, and none without them.
    ...((given.patience ?? null) !== null && { validation: defaultValidation }),
    ...(given.validation === 0 && { patience: null }),
    ...Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ),
    ...network,
    ...{ classes, objectClasses },
    ...(ignore && { ignore }),
    normalization: chooseNormalization(given, source),
    epochs,
    out: resolve(given.out ?? `runs/${timeName(new Date())}`),
    data,
    roles: given.roles ? resolve(given.roles) : null,
    width: given.width ?? (isDrawn && !source.isFull ? null : 1),
    weights: source.path,
    tile: given.tile ?? (isDrawn ? null : fitOutputSize(network, 256)),
    period: given.period ?? (isDrawn ? epochs : null),
  } as TrainSettings;
  requireShares(settings);
  requireRoles(given, settings);
  requireImagesToJudge(settings);
  if (recipeName === "finetune") requireModel(source);
  requireOneChoice(settings);
  requireObjects(settings);
  if (isDrawn) refuseReading(choices);
  requireMasks(given, settings);
  if (!source.isModel) requireTile(settings);
  return settings;
}

/** The largest learning rate, where nobody decides. */
function rateOf(
  optimizer: OptimizerName,
  recipe: RecipeDefaults,
  isDrawn: boolean,
): number {
  const own = optimizer === recipe.optimizer ? recipe.learningRate : undefined;
  return own ??
    (isDrawn && optimizer === "sgd"
      ? drawnRecipe.learningRate
      : defaultLearningRates[optimizer]);
}

/** Patience without images to judge by would never end. */
function requireImagesToJudge({ validation, patience }: TrainSettings): void {
  if (validation !== 0 || patience === null) return;
  throw refusedSetting(
    "patience",
    "`validation 0`, which holds no image out to judge by",
    "a share of the images",
  );
}

function requireModel({ isModel }: WeightsSource): void {
  if (isModel) return;
  throw new UsageError(
    cannot("use", "setting", "recipe", {
      found: "finetune without a model to start from",
      expected: "a trained model too, such as `weights nuclei`",
    }),
  );
}

function requireShares({ validation, test }: TrainSettings): void {
  const shares = (validation ?? defaultValidation) + test;
  if (shares < 1) return;
  throw new UsageError(
    cannot("use", "settings", "`validation` and `test`", {
      found: `shares that sum to ${shares}`,
      expected: "below 1",
    }),
  );
}

/** How values are spread: as a person decides, else as the weights want it. */
function chooseNormalization(
  { normalization, channels }: TrainChoices,
  source: WeightsSource,
): NormalizationName {
  if (!channels) {
    return normalization ?? source.normalization ?? "stretch-dark";
  }
  if (normalization === "stretch-dark") {
    throw refusedSetting(
      "normalization",
      "stretch-dark beside `channels`",
      "percentiles, by which each channel is normalized",
    );
  }
  return "percentiles";
}

function requireOneChoice({ channel, channels }: TrainSettings): void {
  if (channel === null || channels === null) return;
  throw refusedSetting("channels", "`channel` beside it", "one of the two");
}

/** Those changes that suit maps of classes, or objects of classes. */
function withoutObjects(
  augment: readonly Augmentation[],
  { classes, objectClasses }: Pick<TrainSettings, "classes" | "objectClasses">,
): Augmentation[] {
  return augment.filter((name) =>
    // A pasted object would have no class; a map of classes has no objects.
    !(name === "paste" && (classes || objectClasses) ||
      name === "object-contrast" && classes)
  );
}

function requireObjects({ augment, ...settings }: TrainSettings): void {
  const fit = withoutObjects(augment, settings);
  const stranger = augment.find((name) => !fit.includes(name));
  if (stranger === undefined) return;
  throw refusedSetting(
    "augment",
    `${stranger} beside classes`,
    stranger === "paste"
      ? "other changes: only objects without classes are pasted"
      : "other changes: a map of classes has no objects",
  );
}

/** Drawn images have no parts to choose. */
function refuseReading(given: TrainChoices): void {
  const chosen = Object.keys(readingSettings).find((name) =>
    given[name as keyof TrainChoices] !== undefined
  );
  if (chosen === undefined) return;
  throw refusedSetting(
    chosen,
    "images that the program draws",
    "those of `data`",
  );
}

function requireTile(settings: TrainSettings): void {
  const { tile } = settings;
  if (tile === null) return;
  const fit = fitOutputSize(settings, tile);
  if (tile === fit) return;
  const { multiple } = sizeRule(settings);
  throw refusedSetting(
    "tile",
    String(tile),
    fit % multiple === 0
      ? `a multiple of ${multiple}`
      : `${fit}, or another size that ${multiple} divides with a rest ` +
        `of ${fit % multiple}`,
  );
}

/** A folder name that sorts by time, as in `2026-11-24-0930-15`. */
function timeName(now: Date): string {
  const [date, time] = now.toISOString().split("T") as [string, string];
  return `${date}-${time.slice(0, 5).replace(":", "")}-${time.slice(6, 8)}`;
}
