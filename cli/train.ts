import type { Command } from "./command.ts";
import { choiceFlags } from "./choice_flags.ts";
import type { Flags } from "./flags.ts";
import { augmentations } from "@unet/augment";
import { modalities } from "@unet/data";
import { lossNames } from "@unet/train";
import { inputConventions } from "@unet/model";
import { machineFlags } from "./machine_flags.ts";
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

/** A default in words, by recipe. */
function told(name: keyof RecipeDefaults): string {
  const [ours, reports] = [recipes.standard, recipes.report]
    .map((recipe: RecipeDefaults) => [recipe[name]].flat().join(", "));
  return ours === reports ? ours! : `${ours}; the report's ${reports}`;
}

/** `unet train`: trains a network on images and masks. */
export const train: Command = {
  name: "train",
  summary: "trains a network on images and their masks",
  usage: "[--data DIR|ZIP] [flags]",
  description:
    "Trains the report's network and leaves a run folder with the best model " +
    "(best/), the point to go on from (last/), metrics.csv, curves.svg and " +
    "samples/. Without --data it draws its own images of nuclei, picks a " +
    "network that suits the device, and is done within minutes.\n" +
    "Data is a folder or a zip, either as in the 2018 Data Science Bowl " +
    "(ID/images/ID.png, ID/masks/*.png, one mask a nucleus) or as pairs " +
    "(images/NAME.png, masks/NAME.png, masks 0/255, 0/1 or instance " +
    "numbers).\n" +
    "Ctrl-C, SIGTERM and a closed terminal finish the step, save, and say how " +
    "to continue; a second one ends at once. One process trains into a run.",
  groups: [
    {
      title: "Data",
      flags: [
        {
          name: "data",
          kind: "text",
          value: "DIR|ZIP",
          help: "images and masks; drawn by the program if left out",
        },
        {
          name: "modality",
          kind: "text",
          value: "NAMES",
          help: "only images that look so, a list of " +
            `${modalities.join(", ")} (default all)`,
        },
        {
          name: "validation",
          kind: "number",
          minimum: 0.01,
          maximum: 0.9,
          default: "0.2",
          help: "share of the images kept for validation, the same for each " +
            "modality",
        },
        {
          name: "test",
          kind: "number",
          minimum: 0,
          maximum: 0.9,
          default: "0",
          help: "share of the images kept out of training and validation",
        },
        {
          name: "split-seed",
          kind: "whole",
          minimum: 0,
          help: "decides which images are kept out (default that of --seed), " +
            "so that several seeds can be compared on the same images",
        },
        {
          name: "skip-faulty",
          kind: "switch",
          help: "leaves faulty images out instead of stopping",
        },
        ...choiceFlags,
        {
          name: "tile",
          kind: "whole",
          minimum: 32,
          maximum: 4096,
          help: "height and width of the tiles that images are cut into, a " +
            "multiple of 32 (default 256); for unet of 16, and 4 more without " +
            "padding (default 260)",
        },
        {
          name: "augment",
          kind: "text",
          value: "on|off|NAMES",
          default: "on",
          help: "random changes to tiles, anew in each epoch: on is " +
            `${told("augment")}; or a list, as flips,gamma, of ` +
            augmentations.join(", "),
        },
        {
          name: "augment-strength",
          kind: "number",
          minimum: 0,
          maximum: 2,
          default: "1",
          help: "multiplies how often each change is applied: 1 to half of " +
            "the tiles, 2 to all",
        },
        {
          name: "tiles-per-epoch",
          kind: "whole",
          minimum: 1,
          help: "trains on so many tiles an epoch, others in each (default " +
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
          help: "starts from weights: of a model that was trained before, or " +
            "published with the program, as nuclei; of a safetensors or " +
            "PyTorch file (.pth) with a whole network or an encoder, under " +
            "the names of this program, torchvision or " +
            "segmentation_models.pytorch; or, as imagenet, torchvision's for " +
            "ImageNet, downloaded once",
        },
        {
          name: "weights-partial",
          kind: "text",
          value: "FILE",
          help: "starts from a file that covers only some layers, and lists " +
            "what starts at random",
        },
        {
          name: "weights-input",
          kind: "choice",
          choices: inputConventions,
          default: "torchvision",
          help: "the input that the weights expect: torchvision's, or " +
            "caffe's blue, green, red in 0–255 less a mean, as of Keras' VGG",
        },
        {
          name: "recipe",
          kind: "choice",
          choices: recipeNames,
          default: "standard",
          help: "the defaults of what follows: what did best on the Data " +
            "Science Bowl's images, or the report's",
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
          help: `tiles a step (default ${told("batch")})`,
        },
        {
          name: "loss",
          kind: "choice",
          choices: lossNames,
          help: `what is lowered (default ${told("loss")})`,
        },
        {
          name: "boundary-weight",
          kind: "number",
          minimum: 0,
          maximum: 10,
          help: "with --boundaries: how much the borders' loss counts beside " +
            "the nuclei's (default 0.1); more finds borders sooner, at the " +
            "nuclei's expense in a narrow network",
        },
        {
          name: "optimizer",
          kind: "choice",
          choices: optimizerNames,
          help: `how gradients change weights (default ${told("optimizer")})`,
        },
        {
          name: "lr",
          kind: "number",
          minimum: 0,
          help: "the largest learning rate (default 0.4 for sgd, 0.001 for " +
            "adam and adamw)",
        },
        {
          name: "momentum",
          kind: "number",
          minimum: 0,
          maximum: 0.9999,
          default: "0.9",
          help: "momentum of sgd",
        },
        { name: "nesterov", kind: "switch", help: "Nesterov's momentum" },
        {
          name: "weight-decay",
          kind: "number",
          minimum: 0,
          help: `pulls weights toward zero (default ${told("weightDecay")})`,
        },
        {
          name: "scheduler",
          kind: "choice",
          choices: schedulerNames,
          help: `how the learning rate moves (default ${told("scheduler")})`,
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
          help: "before each validation, batch norm's statistics become " +
            "averages over so many batches; 0 leaves them moving averages " +
            `(default ${told("batchNormBatches")})`,
        },
        {
          name: "seed",
          kind: "whole",
          minimum: 0,
          default: "0",
          help: "decides split, weights and augmentation",
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
          help: "the run folder (default runs/ and the time)",
        },
        {
          name: "resume",
          kind: "text",
          value: "RUN",
          help: "goes on with a run, by its own settings; --epochs may raise " +
            "their number",
        },
        {
          name: "from-study",
          kind: "text",
          value: "FILE",
          help: "takes the settings of the best trial of a study, as of unet " +
            "tune; flags beside it come first",
        },
        {
          name: "name",
          kind: "text",
          value: "STUDY",
          help: "with --from-study: which study of the file, if there are " +
            "several",
        },
        {
          name: "pixel-scale",
          kind: "number",
          minimum: 0,
          value: "MICROMETERS",
          help: "the size of a pixel, told on the model's card",
        },
        {
          name: "license",
          kind: "text",
          value: "TEXT",
          help: "the license of the model, told on its card",
        },
        {
          name: "save-every",
          kind: "whole",
          minimum: 1,
          value: "STEPS",
          help: "saves within epochs too, every so many steps",
        },
        {
          name: "config",
          kind: "text",
          value: "FILE",
          help: "a JSON file of flags; those on the command line come first",
        },
      ],
    },
    {
      title: machineFlags.title,
      flags: [...machineFlags.flags, {
        name: "offline",
        kind: "switch",
        help: "fetches nothing; otherwise oneDNN, the fastest device on a " +
          "processor, is put into the cache once, if pip is there",
      }],
    },
  ],
  examples: [
    ["", "on images that the program draws, in minutes"],
    ["--data stage1_train.zip --width 0.25", "on the Data Science Bowl's"],
    ["--resume runs/first --epochs 60", "goes on with a run"],
    [
      "--from-study runs/study/study.journal --epochs 60",
      "by the best settings that unet tune found",
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
