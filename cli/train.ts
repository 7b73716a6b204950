import type { Command } from "./command.ts";
import type { Flags } from "./flags.ts";
import { augmentations } from "@unet/augment";
import { modalities } from "@unet/data";
import { lossNames } from "@unet/train";
import { inputConventions } from "@unet/model";
import { machineFlags } from "./machine_flags.ts";
import { readingFlags } from "./mask_flags.ts";
import { networkFlags } from "./network_flags.ts";
import {
  optimizerNames,
  type RecipeDefaults,
  recipeNames,
  recipes,
  schedulerNames,
} from "./recipe_names.ts";
import { reportTraining } from "./report_training.ts";
import { withStudy } from "./with_study.ts";
import { resumeSettings, settingsOf } from "./train_settings.ts";

/** A default, and that of the other recipe where it differs. */
function byRecipe(name: keyof RecipeDefaults): string {
  const [ours, reports] = [recipes.standard, recipes.report]
    .map((recipe: RecipeDefaults) => [recipe[name]].flat().join(", "));
  return ours === reports ? ours! : `${ours}; with --recipe report, ${reports}`;
}

/** `unet train`: trains a network on images and masks. */
export const train: Command = {
  name: "train",
  summary: "trains a network on images and their masks",
  usage: "[--data DIR|ZIP] [flags]",
  description: "Trains a network and writes a run folder: the best model " +
    "(best/), a checkpoint to resume from (last/), metrics.csv, " +
    "curves.svg and samples/. Without --data, it draws its own " +
    "images of nuclei, chooses a network that suits the device, and " +
    "finishes within minutes.\n" +
    "Data is a folder or a zip, either in the layout of the 2018 " +
    "Data Science Bowl (ID/images/ID.png and ID/masks/*.png, one " +
    "mask per nucleus) or as pairs (images/NAME.png and " +
    "masks/NAME.png or labels/NAME.png, or NAME_mask.png beside the " +
    "image; masks are 0/255, 0/1 or instance numbers).\n" +
    "Ctrl-C, SIGTERM and a closed terminal finish the step, save, and " +
    "print how to resume; a second one ends at once. Only one process " +
    "can train a run.",
  groups: [
    {
      title: "Data",
      flags: [
        {
          name: "data",
          kind: "text",
          value: "DIR|ZIP",
          help: "images and masks; if omitted, the program draws its own",
        },
        {
          name: "modality",
          kind: "text",
          value: "NAMES",
          help:
            `only images of these types: a list of ${modalities.join(", ")} ` +
            "(default all)",
        },
        {
          name: "validation",
          kind: "number",
          minimum: 0.01,
          maximum: 0.9,
          default: "0.2",
          help: "share of the images used for validation, for each modality",
        },
        {
          name: "test",
          kind: "number",
          minimum: 0,
          maximum: 0.9,
          default: "0",
          help: "share of the images used for neither training nor validation",
        },
        {
          name: "split-seed",
          kind: "whole",
          minimum: 0,
          help:
            "seed of the split (default that of --seed); fix it to compare " +
            "several seeds on the same images",
        },
        {
          name: "skip-faulty",
          kind: "switch",
          help: "skips faulty images instead of stopping",
        },
        ...readingFlags,
        {
          name: "tile",
          kind: "whole",
          minimum: 32,
          maximum: 4096,
          help: "height and width of the tiles that images are cut into: a " +
            "multiple of 32 (default 256); for unet a multiple of 16, plus " +
            "4 without padding (default 260)",
        },
        {
          name: "augment",
          kind: "text",
          value: "on|off|NAMES",
          default: "on",
          help: "random changes to tiles, new in each epoch: on means " +
            `${byRecipe("augment")}; or a list, such as flips,gamma, of ` +
            `${augmentations.join(", ")}`,
        },
        {
          name: "augment-strength",
          kind: "number",
          minimum: 0,
          maximum: 2,
          default: "1",
          help:
            "how often each change is applied: 1 to half of the tiles, 2 to " +
            "all",
        },
        {
          name: "tiles-per-epoch",
          kind: "whole",
          minimum: 1,
          help: "number of tiles per epoch, different ones in each (default " +
            "all)",
        },
      ],
    },
    networkFlags,
    {
      title: "Training",
      flags: [
        {
          name: "weights",
          kind: "text",
          value: "RUN|FILE|NAME",
          help:
            "starts from a model: a run folder, a model file or the name of " +
            "a published model, such as nuclei; or from a safetensors or " +
            "PyTorch file (.pth) with a whole network or an encoder, named " +
            "as in this program, torchvision or " +
            "segmentation_models.pytorch; or from imagenet, torchvision's " +
            "ImageNet weights, downloaded once",
        },
        {
          name: "weights-partial",
          kind: "text",
          value: "FILE",
          help: "starts from a file that covers only some layers, and lists " +
            "those that start at random",
        },
        {
          name: "weights-input",
          kind: "choice",
          choices: inputConventions,
          default: "torchvision",
          help: "input that the weights expect: torchvision's, or caffe's " +
            "(blue, green, red in 0–255, mean subtracted, as for Keras' " +
            "VGG)",
        },
        {
          name: "recipe",
          kind: "choice",
          choices: recipeNames,
          default: "standard",
          help: "defaults of the flags below: standard did best on the Data " +
            "Science Bowl images, report is the report's",
        },
        {
          name: "epochs",
          kind: "whole",
          minimum: 1,
          help: "passes over the training images (default 30)",
        },
        {
          name: "batch",
          kind: "whole",
          minimum: 1,
          maximum: 1024,
          help: `tiles per step (default ${byRecipe("batch")})`,
        },
        {
          name: "loss",
          kind: "choice",
          choices: lossNames,
          help: `loss function (default ${byRecipe("loss")})`,
        },
        {
          name: "boundary-weight",
          kind: "number",
          minimum: 0,
          maximum: 10,
          help:
            "with --boundaries: weight of the border head's loss relative " +
            "to the objects' (default 0.1); more finds borders sooner, but " +
            "in a narrow network at the expense of the objects",
        },
        {
          name: "optimizer",
          kind: "choice",
          choices: optimizerNames,
          help: `optimizer (default ${byRecipe("optimizer")})`,
        },
        {
          name: "lr",
          kind: "number",
          minimum: 0,
          help:
            "largest learning rate (default 0.4 for sgd, 0.001 for adam and " +
            "adamw)",
        },
        {
          name: "momentum",
          kind: "number",
          minimum: 0,
          maximum: 0.9999,
          default: "0.9",
          help: "momentum of sgd",
        },
        { name: "nesterov", kind: "switch", help: "uses Nesterov momentum" },
        {
          name: "weight-decay",
          kind: "number",
          minimum: 0,
          help: `weight decay (default ${byRecipe("weightDecay")})`,
        },
        {
          name: "scheduler",
          kind: "choice",
          choices: schedulerNames,
          help: `learning rate schedule (default ${byRecipe("scheduler")})`,
        },
        {
          name: "period",
          kind: "whole",
          minimum: 1,
          help: "epochs of the scheduler's first period (default 10 for " +
            "warm-restarts, 2 for cyclic, all epochs for cosine)",
        },
        {
          name: "batch-norm-batches",
          kind: "whole",
          minimum: 0,
          help:
            "batches over which batch norm's statistics are averaged before " +
            "each validation; 0 keeps the moving averages (default " +
            `${byRecipe("batchNormBatches")})`,
        },
        {
          name: "seed",
          kind: "whole",
          minimum: 0,
          default: "0",
          help: "seed of split, weights and augmentation",
        },
      ],
    },
    {
      title: "Run",
      flags: [
        {
          name: "out",
          kind: "text",
          value: "DIR",
          help: "run folder (default runs/ and the time)",
        },
        {
          name: "resume",
          kind: "text",
          value: "RUN",
          help: "continues a run with its own settings; --epochs may raise " +
            "their number",
        },
        {
          name: "from-study",
          kind: "text",
          value: "FILE",
          help: "uses the settings of a study's best trial (see unet tune); " +
            "flags on the command line take precedence",
        },
        {
          name: "name",
          kind: "text",
          value: "STUDY",
          help: "with --from-study: which study, if the file has several",
        },
        {
          name: "pixel-scale",
          kind: "number",
          minimum: 0,
          value: "MICROMETERS",
          help: "pixel size in µm, written to the model's card",
        },
        {
          name: "license",
          kind: "text",
          value: "TEXT",
          help: "license of the model, written to its card",
        },
        {
          name: "save-every",
          kind: "whole",
          minimum: 1,
          value: "STEPS",
          help: "also saves within an epoch, after every so many steps",
        },
        {
          name: "config",
          kind: "text",
          value: "FILE",
          help: "JSON file of flags; those on the command line take precedence",
        },
      ],
    },
    {
      title: machineFlags.title,
      flags: [...machineFlags.flags, {
        name: "offline",
        kind: "switch",
        help: "downloads nothing; otherwise oneDNN, the fastest backend on " +
          "CPUs, is installed once if pip is available",
      }],
    },
  ],
  examples: [
    ["", "on images that the program draws, in minutes"],
    [
      "--data stage1_train.zip --width 0.25",
      "on the Data Science Bowl images",
    ],
    ["--resume runs/first --epochs 60", "continues a run"],
    [
      "--from-study runs/study/study.journal --epochs 60",
      "with the best settings that unet tune found",
    ],
  ],
  positional: [0, 0],
  configurable: true,
  run: async (flags: Flags) =>
    await reportTraining(
      flags.given("resume") ? await resumeSettings(flags) : await settingsOf(
        flags.given("from-study") || flags.given("name")
          ? await withStudy(flags, train.groups)
          : flags,
      ),
      { offline: flags.on("offline"), verbose: flags.on("verbose") },
    ),
};
