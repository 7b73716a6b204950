import { type Augmentation, augmentations } from "@unet/augment/augmentations";
import { modalities, type Modality } from "@unet/data/modality";
import { type ReadingSettings, readingSettings } from "./reading_settings.ts";
import {
  type DataSetting,
  isDataSetting,
  parseSources,
} from "./data_sources.ts";
import { defaultValidation, enoughToHoldOut } from "./hold_out.ts";
import { byRecipe, recipes } from "./recipes.ts";
import { scalesSetting } from "./scales_setting.ts";
import type { Setting, SettingsTable } from "./setting.ts";
import {
  choiceSetting,
  namesIn,
  numberSetting,
  orNull,
  ownSetting,
  switchSetting,
  textSetting,
  wholeSetting,
} from "./setting_kinds.ts";
import { sharesSetting } from "./shares_setting.ts";
import {
  type NormalizationName,
  normalizationNames,
  type TrainSettings,
} from "./train_settings.ts";

const share = numberSetting<number>({
  group: "Data",
  name: "validation",
  minimum: 0,
  maximum: 0.9,
  default: defaultValidation,
  isTried: false,
  help:
    "share of the images of each modality used for validation; 0 trains on " +
    "all images (with `roles`, on all of the training role) and keeps the " +
    "last epoch (with `recipe finetune`, the default below " +
    `${enoughToHoldOut} images)`,
});

/** The share held out; null is decided by the number of images. */
const validationSetting: Setting<number | null> = {
  ...share,
  check: orNull(share.check),
};

/** Images and masks, and how tiles are made of them. */
export const dataSettings: SettingsTable<
  Pick<
    TrainSettings,
    | keyof ReadingSettings
    | "data"
    | "roles"
    | "trainRole"
    | "validationRole"
    | "shares"
    | "modality"
    | "validation"
    | "test"
    | "splitSeed"
    | "skipFaulty"
    | "normalization"
    | "tile"
    | "augment"
    | "augmentStrength"
    | "scales"
    | "tilesPerEpoch"
  >
> = {
  data: ownSetting<DataSetting>({
    group: "Data",
    inputs: [{
      name: "data",
      kind: "text",
      value: "DIR|ZIP",
      isRepeated: true,
      help: "images and masks; repeat it for several data sets, which are " +
        "named by file or folder, or by NAME=DIR; without it, the program " +
        "draws images",
    }],
    read: (typed) => parseSources(typed.texts("data")),
    check: isDataSetting,
    default: null,
    isTried: false,
  }),
  roles: textSetting<string | null>({
    group: "Data",
    name: "roles",
    value: "FILE",
    before: null,
    isTried: false,
    help: "JSON file with the role of each image: the image ids by data set " +
      "and role. Uses the roles train and validation instead of a split by " +
      "`validation`, and no other images",
  }),
  trainRole: textSetting<string | null>({
    group: "Data",
    name: "train-role",
    value: "ROLE",
    before: null,
    isTried: false,
    help: "with `roles`: the role of the images to train on (default train)",
  }),
  validationRole: textSetting<string | null>({
    group: "Data",
    name: "validation-role",
    value: "ROLE",
    before: null,
    isTried: false,
    help: "with `roles`: the role of the images to validate on (default " +
      "validation)",
  }),
  shares: sharesSetting,
  modality: ownSetting<readonly Modality[] | null>({
    group: "Data",
    inputs: [{
      name: "modality",
      kind: "text",
      value: "NAMES",
      help: `only images of these types: a list of ${modalities.join(", ")} ` +
        "(default all)",
    }],
    read: (typed) =>
      namesIn(typed.text("modality")!, modalities, { name: "modality" }),
    default: null,
    check: orNull((value) => isListOf(modalities)(value) && value.length > 0),
    before: null,
    isTried: false,
  }),
  validation: validationSetting,
  test: numberSetting<number>({
    group: "Data",
    name: "test",
    minimum: 0,
    maximum: 0.9,
    default: 0,
    isTried: false,
    help: "share of the images used for neither training nor validation",
  }),
  splitSeed: wholeSetting<number | null>({
    group: "Data",
    name: "split-seed",
    minimum: 0,
    before: null,
    isTried: false,
    help: "seed of the split (default that of `seed`); fix it to compare " +
      "several seeds on the same images",
  }),
  skipFaulty: switchSetting({
    group: "Data",
    name: "skip-faulty",
    isTried: false,
    help: "skips faulty images instead of stopping",
  }),
  ...readingSettings,
  normalization: choiceSetting<NormalizationName>({
    group: "Data",
    name: "normalization",
    choices: normalizationNames,
    before: "stretch-dark",
    isTried: false,
    help: "how brightness is normalized: stretch-dark leaves bright 8-bit " +
      "images unchanged; percentiles stretches every image from its 1st to " +
      "its 99.8th percentile (default as in `weights`, otherwise " +
      "stretch-dark; with `channels` percentiles, for each separately)",
  }),
  tile: wholeSetting<number | null>({
    group: "Data",
    name: "tile",
    minimum: 32,
    maximum: 4096,
    help: "height and width of the tiles that images are cut into: a " +
      "multiple of 32 (default 256); for unet a multiple of 16, plus " +
      "4 without padding (default 260)",
  }),
  augment: ownSetting<readonly Augmentation[]>({
    group: "Data",
    inputs: [{
      name: "augment",
      kind: "text",
      value: "on|off|NAMES",
      default: "on",
      help: "random changes to tiles, new in each epoch: on means " +
        `${byRecipe("augment")}, with \`recipe general\`, all but ` +
        "quarter-turns, scaling and erasing; or a list, such as flips,gamma, " +
        "of " +
        augmentations.join(", "),
    }],
    read(typed) {
      const text = typed.text("augment")!;
      if (text === "on") return undefined;
      if (text === "off") return [];
      const others = "on, off, or ";
      return namesIn(text, augmentations, { name: "augment", others });
    },
    check: isListOf(augmentations),
  }),
  augmentStrength: numberSetting<number>({
    group: "Data",
    name: "augment-strength",
    minimum: 0,
    maximum: 2,
    default: 1,
    before: 1,
    help: "how often each change is applied: 1 for its usual share of the " +
      "tiles (half; less for those that change the kind of image), 2 for " +
      "twice that",
  }),
  scales: scalesSetting,
  tilesPerEpoch: wholeSetting<number | null>({
    group: "Data",
    name: "tiles-per-epoch",
    minimum: 1,
    before: null,
    help: "number of tiles per epoch, different ones in each (default all; " +
      `with \`recipe finetune\`, ${recipes.finetune.tilesPerEpoch}); ` +
      "more than exist repeat some, with new changes",
  }),
};

function isListOf(
  names: readonly string[],
): (value: unknown) => value is readonly string[] {
  return (value): value is readonly string[] =>
    Array.isArray(value) && value.every((name) => names.includes(name));
}
