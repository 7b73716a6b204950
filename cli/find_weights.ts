import { resolve } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { readFile } from "@unet/files";
import {
  encoderOf,
  imagenetNames,
  type NetworkName,
  parseWeights,
} from "@unet/model";
import { findPublished } from "./find_model.ts";
import type { Flags } from "./flags.ts";

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
}

/** The word that stands for the published ImageNet weights. */
export const imagenetName = "imagenet";

/**
 * Finds out what the weights are that the flags name, by looking into the file.
 *
 * @param flags The command line.
 * @throws {UsageError} If flags contradict one another, or the file.
 * @throws {FileError} If the file cannot be read.
 * @throws {ModelError} If it is damaged, or holds more than tensors.
 */
export async function findWeights(flags: Flags): Promise<WeightsSource> {
  const whole = flags.text("weights"), partial = flags.text("weights-partial");
  const name = whole ?? partial;
  if (name === undefined) return { path: null, isModel: false, isFull: false };
  if (whole !== undefined && partial !== undefined) {
    throw contradiction("--weights-partial", "--weights", "one of the two");
  }
  if (name === imagenetName && whole !== undefined) {
    if (!imagenetNames.includes(flags.text("network") as NetworkName)) {
      throw contradiction(
        "--network",
        "--weights imagenet, which are torchvision's",
        imagenetNames.join(", "),
      );
    }
    if ((flags.number("width") ?? 1) !== 1) {
      throw contradiction("--width", "--weights imagenet", "1");
    }
    return { path: name, isModel: false, isFull: true };
  }
  const path = resolve(
    whole !== undefined && await findPublished(name) || name,
  );
  const file = await isFile(path)
    ? parseWeights(await readFile(path, "weights"), path)
    : undefined;
  const isModel = file === undefined || file.metadata.format === "unet";
  if (whole !== undefined && isModel) {
    refusePlan(flags);
    return { path, isModel, isFull: false };
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
 * The value of `--weights` or `--weights-partial` that means the same in every
 * folder, for files that name it.
 */
export async function settledWeights(value: string): Promise<string> {
  const isName = value === imagenetName ||
    await findPublished(value) !== undefined;
  return isName ? value : resolve(value);
}

/** Which network it is stands in the file of a model. */
function refusePlan(flags: Flags): void {
  const names = ["network", "width", "padding", "weights-input"];
  // Whether batch norm is trained is none of the file's.
  if (flags.text("batch-norm") !== "frozen") names.push("batch-norm");
  for (const name of names) {
    if (!flags.given(name)) continue;
    throw contradiction(
      `--${name}`,
      "--weights, whose file says which network it is",
      "one of the two",
    );
  }
}

function contradiction(
  flag: string,
  found: string,
  expected: string,
): UsageError {
  return new UsageError(cannot("use", "flag", flag, { found, expected }));
}

/** What is no file is left to the reader of models, which words the fault. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    if (cause instanceof Deno.errors.NotADirectory) return false;
    throw cause;
  }
}
