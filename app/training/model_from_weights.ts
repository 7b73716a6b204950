import { basename } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { cacheFolder } from "@unet/files";
import {
  buildSaved,
  createPretrained,
  decodeModel,
  downloadImagenetWeights,
  type Model,
  type ModelPlan,
  parseWeights,
  type Pretrained,
  type PretrainedOptions,
  readModelFile,
  type WeightMapping,
} from "@unet/model";
import type { Random } from "@unet/random";
import {
  hasBorders,
  hasChosenChannels,
  instanceHeadsOf,
  type Task,
} from "@unet/task";
import type { CardOfOrigin } from "./card_of_origin.ts";
import { imagenetName } from "./find_weights.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import { planOfSettings } from "../settings/plan_of_settings.ts";
import { isOffline } from "./is_offline.ts";
import { keptOfModel } from "./kept_of_model.ts";
import { taskOfSettings } from "../settings/task_of_settings.ts";

/** What is reported of how a network gets its first weights. */
export interface WeightsEvents {
  /** The network started from a file's weights; says which and what not. */
  onWeights(lines: readonly string[]): void;
  /** Published weights are being downloaded. */
  onDownload(done: number, all: number | null): void;
  /** Whether nothing may be downloaded. */
  readonly isOffline: boolean;
  /** Ends a download. */
  readonly signal: AbortSignal;
}

/**
 * Builds the network that settings start from given weights: a model of this
 * program as it is, or a new network with what a file of weights has for it.
 *
 * @param settings The settings; they name weights.
 * @param random The source of the weights that a file lacks.
 * @param events What was taken, and how a download goes.
 * @returns The network, and what holds of the model's card.
 */
export async function modelFromWeights(
  settings: TrainSettings,
  random: Random,
  events: Partial<WeightsEvents>,
): Promise<{ readonly model: Model; readonly origin: CardOfOrigin }> {
  const { weights, weightsPartial: partial, weightsInput: input } = settings;
  const { dropout, freezeEncoder, freezeBatchNorm, network } = settings;
  const { boundaries } = settings;
  const { path, bytes } = await readModelFile(
    weights === imagenetName
      ? await downloadImagenetWeights(network, {
        folder: cacheFolder("weights"),
        ...(events.onDownload && { onProgress: events.onDownload }),
        ...(events.signal && { signal: events.signal }),
        offline: events.isOffline || isOffline(),
      })
      : weights!,
    { thing: "weights" },
  );
  const file = parseWeights(bytes, path);
  const start = (
    plan: Partial<ModelPlan>,
    options: PretrainedOptions,
  ): Model => {
    const named = { ...options, name: path };
    const started = createPretrained(plan, file, random, named);
    events.onWeights?.([
      ...describeMapping(basename(path), started.mapping),
      ...describeChannels(started),
    ]);
    return started.model;
  };
  if (file.metadata.format === "unet" && !partial) {
    const changes = { dropout, freezeEncoder, freezeBatchNorm };
    const saved = { path, bytes, ...decodeModel(bytes, path) },
      { plan } = saved;
    requireInput(plan.task, settings, basename(path));
    requireClasses(plan.task, settings, basename(path));
    const isWithBorders = hasBorders(plan.task);
    const kept = settings.classes === null ? instanceHeadsOf(plan.task) : [];
    const task = taskOfSettings({
      ...settings,
      boundaries: boundaries || isWithBorders && settings.classes === null,
      instanceHeads: [...kept, ...settings.instanceHeads],
    });
    const freshHead = hasFreshHead(plan.task, task);
    const { origin, lines } = keptOfModel(saved, {
      ...{ task, isFresh: freshHead, scales: settings.scales },
    });
    events.onWeights?.([
      ...changedNormalization(plan.task, settings),
      ...lines,
    ]);
    const before = namesOf(plan.task), after = namesOf(task);
    if (before.length === after.length && isSameHeads(plan.task, task)) {
      const model = buildSaved(saved, { ...changes, task });
      if (`${before}` !== `${after}`) {
        events.onWeights?.([renamedChannels(before, after)]);
      }
      return { model, origin };
    }
    const model = start({ ...plan, ...changes, task }, {
      input: plan.normalization,
      freshHead,
    });
    return { model, origin };
  }
  const plan = planOfSettings(settings);
  const isOther = file.metadata.format === "unet" &&
    hasFreshHead(decodeModel(bytes, path).plan.task, taskOfSettings(settings));
  return {
    model: start(plan, { partial, input, freshHead: isOther }),
    origin: {},
  };
}

/** Whether nothing of a model's heads is of use for a task. */
function hasFreshHead(before: Task, task: Task): boolean {
  const isGrown = `${headsOf(task)}` === `${[...headsOf(before), "border"]}`;
  return !isSameHeads(before, task) && !isGrown;
}

function isSameHeads(before: Task, task: Task): boolean {
  return `${headsOf(before)}` === `${headsOf(task)}`;
}

/** What a network learns: its heads, and the classes of each. */
function headsOf({ heads }: Task): string[] {
  return heads.map(({ name, classes }) =>
    classes ? `${name} ${JSON.stringify(classes)}` : name
  );
}

/** Refuses a model of classes where neither masks nor objects have classes. */
function requireClasses(
  { heads }: Task,
  { classes, objectClasses }: TrainSettings,
  name: string,
): void {
  const own = heads.find((head) => head.classes)?.classes;
  if (!own || classes || objectClasses) return;
  const ofObjects = heads.some(({ name }) => name === "object");
  throw new UsageError(
    cannot("use", "setting", "weights", {
      found: `${name}, a model of the classes ${own.join(", ")}`,
      expected: ofObjects
        ? "a class for each object, in classes.csv of the data"
        : `\`classes ${own.join(",")}\`, or classes.json in the data`,
    }),
  );
}

/** A line where color is spread by another rule than the model learned. */
function changedNormalization(
  { input }: Task,
  settings: TrainSettings,
): string[] {
  const { normalization } = taskOfSettings(settings).input;
  return normalization === input.normalization || settings.channels
    ? []
    : [`Normalization: ${normalization} in place of ${input.normalization}`];
}

function namesOf({ input }: Task): string[] {
  return input.channels.map(({ name }) => name);
}

function renamedChannels(
  before: readonly string[],
  after: readonly string[],
): string {
  return `Channels: ${after.join(", ")} in place of ${before.join(", ")}`;
}

/** What became of red, green and blue where channels were chosen. */
function describeChannels({ model, mapping }: Pretrained): string[] {
  const { task } = model, names = namesOf(task);
  const first = [...model.weights.keys()][0]!;
  if (!hasChosenChannels(task.input) || !mapping.taken.has(first)) return [];
  if (mapping.fitted.length === 0) {
    return [renamedChannels(["red", "green", "blue"], names)];
  }
  const rule = names.length === 1
    ? "takes the sum over red, green and blue"
    : `take red, green and blue in turn, scaled by 3/${names.length}`;
  return [`First convolution: ${names.join(", ")} ${rule}`];
}

/** Refuses a model of channels where no or other channels were chosen. */
function requireInput(
  { input }: Task,
  { channels }: TrainSettings,
  name: string,
): void {
  const count = input.channels.length;
  if (!hasChosenChannels(input) || channels?.length === count) return;
  const list = input.channels.map(({ name }) => name).join(",");
  throw new UsageError(
    cannot("use", "setting", "weights", {
      found: `${name}, a model of the channels ${list}`,
      expected: `\`channels\` with as many, as in \`channels ${list}\``,
    }),
  );
}

function describeMapping(
  name: string,
  { taken, left, grown, ignored }: WeightMapping,
): string[] {
  const lines = [`Weights: ${taken.size} tensors of ${name}`];
  if (ignored.length > 0) {
    lines.push(`Not used: ${layersOf(ignored).join(", ")}`);
  }
  const random = [
    ...layersOf(left),
    ...layersOf(grown).map((layer) => `the borders' channel of ${layer}`),
  ];
  if (random.length > 0) {
    lines.push(`Starting at random: ${random.join(", ")}`);
  }
  return lines;
}

/** Tensors' layers, each once. */
function layersOf(tensors: readonly string[]): string[] {
  return [
    ...new Set(tensors.map((name) => name.slice(0, name.lastIndexOf(".")))),
  ];
}
