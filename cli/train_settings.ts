import { join, resolve } from "@std/path";
import {
  type Augmentation,
  augmentations,
  reportAugmentations,
} from "@unet/augment";
import { modalities } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { openRun } from "@unet/train";
import { choiceOf } from "./choice_flags.ts";
import { maskOptionsOf, readingFlags } from "./mask_flags.ts";
import type { Flags } from "./flags.ts";
import { planOf } from "./network_flags.ts";
import { fitOutputSize, type InputConvention, sizeRule } from "@unet/model";
import { parseSettings, type TrainSettings } from "./parse_settings.ts";
import {
  defaultLearningRates,
  type RecipeDefaults,
  recipes,
} from "./recipe_names.ts";
import { findWeights } from "./find_weights.ts";

export type { TrainSettings };

/** The settings that a command line asks for. */
export async function settingsOf(flags: Flags): Promise<TrainSettings> {
  const data = flags.text("data");
  const drawn = data === undefined;
  const source = await findWeights(flags);
  const { width, ...plan } = planOf(flags, NaN, source.network);
  const recipe: RecipeDefaults = drawn && !flags.given("recipe")
    ? demo
    : recipes[flags.text("recipe") as keyof typeof recipes];
  const optimizer = (flags.text("optimizer") ??
    recipe.optimizer) as TrainSettings["optimizer"];
  const scheduler = (flags.text("scheduler") ??
    recipe.scheduler) as TrainSettings["scheduler"];
  const epochs = flags.number("epochs") ?? (drawn ? demo.epochs : 30);
  const learningRate = flags.number("lr") ??
    (optimizer === "sgd" && drawn
      ? demo.learningRate
      : defaultLearningRates[optimizer]);
  const shares = flags.number("validation")! + flags.number("test")!;
  if (shares >= 1) {
    throw new UsageError(
      cannot("use", "flags", "--validation and --test", {
        found: `shares that sum to ${shares}`,
        expected: "below 1",
      }),
    );
  }
  const choice = choiceOf(flags), masks = maskOptionsOf(flags);
  const chosen = readingFlags.find(({ name }) => flags.given(name));
  if (drawn && chosen) {
    throw new UsageError(
      cannot("use", "flag", `--${chosen.name}`, {
        found: "images that the program draws",
        expected: "those of --data",
      }),
    );
  }
  const tile = flags.number("tile");
  const fit = fitOutputSize(plan, tile ?? 256);
  if (tile !== undefined && tile !== fit && !source.isModel) {
    const multiple = sizeRule(plan).multiple;
    throw new UsageError(
      cannot("use", "flag", "--tile", {
        found: String(tile),
        expected: fit % multiple === 0
          ? `a multiple of ${multiple}`
          : `${fit}, or another size that ${multiple} divides with a rest ` +
            `of ${fit % multiple}`,
      }),
    );
  }
  return {
    out: resolve(flags.text("out") ?? `runs/${timeName(new Date())}`),
    resume: false,
    data: drawn ? null : resolve(data),
    validation: flags.number("validation")!,
    test: flags.number("test")!,
    skipFaulty: flags.on("skip-faulty"),
    modality: flags.given("modality")
      ? namesOf(flags, "modality", modalities)
      : null,
    channel: choice.channel ?? null,
    plane: choice.plane ?? null,
    time: choice.time ?? null,
    level: choice.level ?? null,
    mask: masks.mask,
    background: masks.background,
    augment: augmentOf(flags, recipe),
    augmentStrength: flags.number("augment-strength")!,
    ...plan,
    boundaries: flags.on("boundaries"),
    boundaryWeight: flags.number("boundary-weight") ?? null,
    width: Number.isNaN(width) ? (drawn && !source.isFull ? null : 1) : width,
    batchNormBatches: flags.number("batch-norm-batches") ??
      recipe.batchNormBatches,
    weights: source.path,
    weightsPartial: flags.given("weights-partial"),
    weightsInput: flags.text("weights-input") as InputConvention,
    unfreezeAt: flags.number("unfreeze-at") ?? null,
    pixelScale: flags.number("pixel-scale") ?? null,
    license: flags.text("license") ?? null,
    tile: tile ?? (drawn ? null : fit),
    epochs,
    tilesPerEpoch: flags.number("tiles-per-epoch") ?? null,
    batch: flags.number("batch") ?? recipe.batch,
    loss: flags.text("loss") ?? recipe.loss,
    optimizer,
    learningRate,
    momentum: flags.number("momentum")!,
    nesterov: flags.on("nesterov"),
    weightDecay: flags.number("weight-decay") ?? recipe.weightDecay,
    scheduler,
    period: flags.number("period") ?? (drawn ? epochs : null),
    seed: flags.number("seed")!,
    splitSeed: flags.number("split-seed") ?? null,
    saveEvery: flags.number("save-every") ?? null,
    device: flags.text("device")!,
    precision: flags.text("precision") as TrainSettings["precision"],
    workers: flags.number("workers")!,
  };
}

/** The random changes that `--augment` names. */
function augmentOf(
  flags: Flags,
  recipe: RecipeDefaults,
): readonly Augmentation[] {
  const text = flags.text("augment");
  if (text === "on") return recipe.augment;
  if (text === "off") return [];
  return namesOf(flags, "augment", augmentations, "on, off, or ");
}

/** The names that a flag lists, in the order in which they are known. */
function namesOf<Name extends string>(
  flags: Flags,
  flag: string,
  known: readonly Name[],
  others = "",
): readonly Name[] {
  const names = flags.text(flag)!.split(",").map((name) => name.trim());
  const stranger = names.find((name) =>
    !(known as readonly string[]).includes(name)
  );
  if (stranger !== undefined) {
    throw new UsageError(
      cannot("use", "flag", `--${flag}`, {
        found: `"${stranger}"`,
        expected: `${others}some of ${known.join(",")}`,
      }),
    );
  }
  return known.filter((name) => names.includes(name));
}

/** What suits the small set that the program draws itself. */
const demo = {
  epochs: 24,
  batch: 8,
  learningRate: 0.1,
  loss: "bce+dice",
  augment: reportAugmentations,
  optimizer: "sgd",
  weightDecay: 0,
  batchNormBatches: 0,
  scheduler: "warm-restarts",
} as const;

/** Flags that may accompany `--resume`: they change no result so far. */
const resumable = [
  ...["resume", "epochs", "save-every", "workers", "device", "offline"],
];

/** The settings of a run that goes on. */
export async function resumeSettings(flags: Flags): Promise<TrainSettings> {
  const out = resolve(flags.text("resume")!);
  for (const name of flags.names) {
    if (!resumable.includes(name)) {
      throw new UsageError(
        cannot("use", "flag", `--${name}`, {
          found: "--resume, which goes on with the run's own settings",
          expected: `only ${resumable.map((one) => `--${one}`).join(", ")}`,
        }),
      );
    }
  }
  const { config } = await openRun(out);
  const settings = parseSettings(config.settings, join(out, "config.json"));
  return {
    ...settings,
    out,
    resume: true,
    epochs: flags.number("epochs") ?? settings.epochs,
    saveEvery: flags.number("save-every") ?? settings.saveEvery,
    workers: flags.given("workers")
      ? flags.number("workers")!
      : settings.workers,
    device: flags.given("device") ? flags.text("device")! : settings.device,
  };
}

/** A folder name that sorts by time, as in `2026-11-24-0930-15`. */
function timeName(now: Date): string {
  const [date, time] = now.toISOString().split("T") as [string, string];
  return `${date}-${time.slice(0, 5).replace(":", "")}-${time.slice(6, 8)}`;
}
