import { resolve } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { infoOf, readFile } from "@unet/files";
import {
  decodeModel,
  encoderOf,
  imagenetNames,
  type NetworkName,
  parseWeights,
  readModelFile,
  standardNetwork,
} from "@unet/model";
import type { Task } from "@unet/task";
import { findPublished } from "../models/find_model.ts";
import type {
  NormalizationName,
  TrainChoices,
} from "../settings/train_settings.ts";

/** Where a training's first weights come from. */
export interface WeightsSource {
  /** The file or folder, "imagenet" for published weights, null for none. */
  readonly path: string | null;
  /** Whether it is a model of this program, which says what network it is. */
  readonly isModel: boolean;
  /** Whether it is another's, of networks of full width. */
  readonly isFull: boolean;
  /** The network whose encoder the file holds, where it is torchvision's. */
  readonly network?: NetworkName;
  /** What a model of this program learned. */
  readonly task?: Task;
  /** How a model of this program expects values to be spread. */
  readonly normalization?: NormalizationName;
}

/** The word that stands for the published ImageNet weights. */
export const imagenetName = "imagenet";

/**
 * Finds out what the weights are that choices name, by looking into the file.
 *
 * @param choices The settings of a training.
 * @throws {UsageError} If choices contradict one another, or the file.
 * @throws {FileError} If the file cannot be read.
 * @throws {ModelError} If it is damaged, or holds more than tensors.
 */
export async function findWeights(
  choices: TrainChoices,
): Promise<WeightsSource> {
  const { weights: name, weightsPartial: isPartial = false } = choices;
  if (name === undefined || name === null) {
    return { path: null, isModel: false, isFull: false };
  }
  if (name === imagenetName && !isPartial) {
    const { network = standardNetwork, width } = choices;
    if (!imagenetNames.includes(network)) {
      throw contradiction(
        "network",
        "`weights imagenet`, which are torchvision's",
        imagenetNames.join(", "),
      );
    }
    if ((width ?? 1) !== 1) {
      throw contradiction("width", "`weights imagenet`", "1");
    }
    return { path: name, isModel: false, isFull: true };
  }
  const path = resolve(!isPartial && await findPublished(name) || name);
  const file = await isFile(path)
    ? parseWeights(await readFile(path, "weights"), path)
    : undefined;
  const isModel = file === undefined || file.metadata.format === "unet";
  if (!isPartial && isModel) {
    refusePlan(choices);
    const { bytes, path: file } = await readModelFile(path, {
      thing: "weights",
    });
    const { plan } = decodeModel(bytes, file), { input } = plan.task;
    // Frozen, it is as good as none.
    const wantsNorm = choices.batchNorm && !choices.freezeBatchNorm;
    if (wantsNorm && !plan.batchNorm) throw otherPlan("batchNorm");
    return {
      ...{ path, isModel, isFull: false, task: plan.task },
      normalization: input.normalization === "stretch-dark"
        ? "stretch-dark"
        : "percentiles",
    };
  }
  const network = file && encoderOf(file.tensors);
  return {
    path,
    isModel: false,
    isFull: !isModel,
    ...(network && { network }),
  };
}

/**
 * The name of weights that means the same in every folder, for files that
 * hold it.
 */
export async function settledWeights(value: string): Promise<string> {
  const isName = value === imagenetName ||
    await findPublished(value) !== undefined;
  return isName ? value : resolve(value);
}

/** Which network it is stands in the file of a model. */
function refusePlan(choices: TrainChoices): void {
  const names: (keyof TrainChoices)[] = [
    ...["network", "width", "padding", "weightsInput"] as const,
    // Whether batch norm that there is is trained is none of the file's.
    ...choices.batchNorm ? [] : ["batchNorm"] as const,
  ];
  const given = names.find((name) => (choices[name] ?? null) !== null);
  if (given !== undefined) throw otherPlan(given);
}

function otherPlan(name: keyof TrainChoices): UsageError {
  return contradiction(
    name,
    "`weights`, whose file says which network it is",
    "one of the two",
  );
}

function contradiction(
  setting: string,
  found: string,
  expected: string,
): UsageError {
  return new UsageError(cannot("use", "setting", setting, { found, expected }));
}

/** What is no file is left to the reader of models, which words the fault. */
async function isFile(path: string): Promise<boolean> {
  return (await infoOf(path))?.isFile ?? false;
}
