import { type InputConvention, inputConventions } from "@unet/model/networks";
import { type LogName, logNames } from "@unet/train/log-names";
import { classLossNames, lossNames } from "@unet/train/loss-names";
import { classWeightsSetting } from "./class_weights_setting.ts";
import { dataSettings } from "./data_settings.ts";
import { networkSettings } from "./network_settings.ts";
import { deviceSetting } from "./predict_settings.ts";
import {
  byRecipe,
  type OptimizerName,
  optimizerNames,
  type RecipeName,
  recipeNames,
  recipes,
  type SchedulerName,
  schedulerNames,
} from "./recipes.ts";
import type { SettingsTable } from "./setting.ts";
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
import {
  type GradientSumsName,
  gradientSumsNames,
  type TrainChoices,
} from "./train_settings.ts";

/** The loss, its optimizer, and the weights at the start. */
const learningSettings = {
  weights: ownSetting<string | null>({
    group: "Training",
    inputs: [
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
    ],
    read: (typed) => typed.text("weights") ?? typed.text("weights-partial"),
    default: null,
    check: orNull((value) => typeof value === "string"),
  }),
  weightsPartial: ownSetting<boolean>({
    group: "Training",
    inputs: [],
    read: (typed) => typed.given("weights-partial") || undefined,
    check: (value) => typeof value === "boolean",
    default: false,
    before: false,
  }),
  weightsInput: choiceSetting<InputConvention>({
    group: "Training",
    name: "weights-input",
    choices: inputConventions,
    default: "torchvision",
    before: "torchvision",
    help: "input that the weights expect: torchvision's, or caffe's " +
      "(blue, green, red in 0–255, mean subtracted, as for Keras' VGG)",
  }),
  recipe: ownSetting<RecipeName>({
    group: "Training",
    inputs: [{
      name: "recipe",
      kind: "choice",
      choices: recipeNames,
      default: "standard",
      help: "defaults of the settings below: standard did best on the Data " +
        "Science Bowl images; general adds augmentation of stain, light and " +
        "sharpness; finetune adapts a model of `weights` to a few images; " +
        "report is the report's. `recipe NAME` with `help` lists its " +
        "defaults",
    }],
    read: (typed) => typed.text("recipe") as RecipeName,
    check: () => true,
    isStored: false,
  }),
  epochs: wholeSetting<number>({
    group: "Training",
    name: "epochs",
    minimum: 1,
    isResolved: true,
    isTried: false,
    help: "how often the training images are shown (default 30; with " +
      `\`recipe finetune\`, ${recipes.finetune.epochs})`,
  }),
  patience: wholeSetting<number | null>({
    group: "Training",
    name: "patience",
    minimum: 1,
    value: "EPOCHS",
    before: null,
    isTried: false,
    help: "early stopping: ends the training after this many epochs without " +
      "a higher validation F1 (default: all epochs are trained; with " +
      `\`recipe finetune\`, ${recipes.finetune.patience})`,
  }),
  batch: wholeSetting<number>({
    group: "Training",
    name: "batch",
    minimum: 1,
    maximum: 1024,
    isResolved: true,
    help: `tiles per step (default ${byRecipe("batch")})`,
  }),
  loss: choiceSetting<string>({
    group: "Training",
    name: "loss",
    choices: [...new Set([...lossNames, ...classLossNames])],
    help: `loss function (default ${byRecipe("loss")}); of classes ` +
      `${classLossNames.join(", ")} (default ${byRecipe("classLoss")})`,
  }),
  classWeights: classWeightsSetting,
  boundaryWeight: numberSetting<number | null>({
    group: "Training",
    name: "boundary-weight",
    minimum: 0,
    maximum: 10,
    before: null,
    help: "with `boundaries`: weight of the border loss relative to the " +
      "object loss (default as in `weights`, otherwise 0.1); higher values " +
      "find borders sooner, but cost a narrow network some accuracy on " +
      "objects",
  }),
  optimizer: choiceSetting<OptimizerName>({
    group: "Training",
    name: "optimizer",
    choices: optimizerNames,
    help: `optimizer (default ${byRecipe("optimizer")})`,
  }),
  learningRate: numberSetting<number>({
    group: "Training",
    name: "lr",
    minimum: 0,
    isResolved: true,
    help: "maximum learning rate (default 0.4 for sgd, 0.001 for adam and " +
      `adamw; with \`recipe finetune\`, ${recipes.finetune.learningRate})`,
  }),
  momentum: numberSetting<number>({
    group: "Training",
    name: "momentum",
    minimum: 0,
    maximum: 0.9999,
    default: 0.9,
    help: "momentum of sgd",
  }),
  nesterov: switchSetting({
    group: "Training",
    name: "nesterov",
    help: "uses Nesterov momentum",
  }),
  weightDecay: numberSetting<number>({
    group: "Training",
    name: "weight-decay",
    minimum: 0,
    isResolved: true,
    help: `weight decay (default ${byRecipe("weightDecay")})`,
  }),
  scheduler: choiceSetting<SchedulerName>({
    group: "Training",
    name: "scheduler",
    choices: schedulerNames,
    help: `learning rate schedule (default ${byRecipe("scheduler")})`,
  }),
  period: wholeSetting<number | null>({
    group: "Training",
    name: "period",
    minimum: 1,
    help: "epochs of the scheduler's first period (default 10 for " +
      "warm-restarts, 2 for cyclic, all epochs for cosine)",
  }),
  batchNormBatches: wholeSetting<number>({
    group: "Training",
    name: "batch-norm-batches",
    minimum: 0,
    isResolved: true,
    before: 0,
    help: "batches over which batch norm's statistics are averaged before " +
      "each validation; 0 keeps the moving averages (default " +
      `${byRecipe("batchNormBatches")})`,
  }),
  syncBatchNorm: switchSetting({
    group: "Training",
    name: "sync-batch-norm",
    before: false,
    isTried: false,
    help:
      "under mpiexec: batch norm uses the statistics of the whole batch, not " +
      "of each rank's tiles",
  }),
  gradientSums: choiceSetting<GradientSumsName>({
    group: "Training",
    name: "gradient-sums",
    choices: gradientSumsNames,
    default: "auto",
    before: "auto",
    isTried: false,
    help: "under mpiexec: when ranks sum gradients: overlap, during the " +
      "backward pass; after, when it is done; auto: after on one machine, " +
      "overlap on several",
  }),
  seed: wholeSetting<number>({
    group: "Training",
    name: "seed",
    minimum: 0,
    default: 0,
    isTried: false,
    help: "seed of split, weights and augmentation",
  }),
};

/** Where a run goes, and what its model's card says. */
const runSettings = {
  out: textSetting<string>({
    group: "Run",
    name: "out",
    value: "DIR",
    isResolved: true,
    help: "run folder (default runs/ with date and time)",
  }),
  resume: ownSetting<boolean>({
    group: "Run",
    inputs: [],
    read: () => undefined,
    default: false,
    check: (value) => typeof value === "boolean",
  }),
  pixelScale: numberSetting<number | null>({
    group: "Run",
    name: "pixel-scale",
    minimum: 0,
    value: "MICROMETERS",
    before: null,
    help: "pixel size in µm, written to the model's card",
  }),
  license: textSetting<string | null>({
    group: "Run",
    name: "license",
    value: "TEXT",
    before: null,
    help: "license of the model, written to its card",
  }),
  saveEvery: wholeSetting<number | null>({
    group: "Run",
    name: "save-every",
    minimum: 1,
    value: "STEPS",
    help: "also saves within epochs, every this many steps",
  }),
  log: ownSetting<readonly LogName[]>({
    group: "Run",
    isTried: false,
    inputs: [{
      name: "log",
      kind: "text",
      value: logNames.join(","),
      help: "also logs the training while it runs: tensorboard, event files " +
        "in tensorboard/ of the run folder with scalars, samples, " +
        "hyperparameters and the network; json, a line per event in " +
        "events.jsonl",
    }],
    read: (typed) => {
      const text = typed.text("log");
      return text === undefined
        ? undefined
        : namesIn(text, logNames, { name: "log" });
    },
    check: (value) =>
      Array.isArray(value) &&
      value.every((name) => (logNames as readonly unknown[]).includes(name)),
    default: [],
    before: [],
  }),
};

/** What computes. */
const machineSettings = {
  device: deviceSetting,
  precision: choiceSetting<"float32" | "mixed">({
    group: "Machine",
    name: "precision",
    choices: ["float32", "mixed"],
    default: "float32",
    help: "numeric precision",
  }),
  workers: wholeSetting<number>({
    group: "Machine",
    name: "workers",
    minimum: 0,
    maximum: 64,
    default: 1,
    help: "threads that read and augment tiles in advance; 0 uses none",
  }),
};

/** Every setting of a training: the one place where each is described. */
export const trainTable: SettingsTable<Required<TrainChoices>> = {
  ...dataSettings,
  ...networkSettings,
  ...learningSettings,
  ...runSettings,
  ...machineSettings,
};
