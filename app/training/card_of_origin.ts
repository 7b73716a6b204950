import { join } from "@std/path";
import type { Diameters } from "@unet/data";
import { recoverFolder } from "@unet/files";
import { isDiameters } from "@unet/infer/diameter-settings";
import { decodeModel, parseWeights, readModelFile } from "@unet/model";
import type { TrainSettings } from "../settings/train_settings.ts";
import { imagenetName } from "./find_weights.ts";

/** What a model keeps of the one that it was trained from. */
export interface CardOfOrigin {
  /** The sizes of objects that it knew. */
  readonly diameters?: Diameters;
  /** Its license, which names the images that it was trained on. */
  readonly license?: string;
}

/**
 * What the card of a training's first weights says that holds for the result,
 * too: of the run that continues, or of the model that `weights` names.
 *
 * @param settings The settings.
 * @returns Nothing where the weights are random, or no model of this program.
 * @throws {UnetError} If the weights cannot be read.
 */
export async function cardOfOrigin(
  { out, resume, weights, weightsPartial }: Pick<
    TrainSettings,
    "out" | "resume" | "weights" | "weightsPartial"
  >,
): Promise<CardOfOrigin> {
  const last = join(out, "last");
  const path = resume && await recoverFolder(last)
    ? last
    : weightsPartial || weights === imagenetName
    ? null
    : weights;
  if (path === null) return {};
  const { bytes, path: name } = await readModelFile(path, { thing: "weights" });
  const file = parseWeights(bytes, name);
  const isModel = file.metadata.format === "unet";
  if (!isModel) return {};
  const { diameters, license } = decodeModel(bytes, name).card;
  return {
    ...(isDiameters(diameters) && { diameters }),
    ...(typeof license === "string" && { license }),
  };
}

/**
 * Sizes that a training saw, beside those that its first weights knew: fine-
 * tuning adds sizes and forgets few.
 *
 * @param seen The sizes in the tiles that were trained on.
 * @param known The sizes that the first weights knew.
 * @returns The wider range, with the median of what was seen.
 */
export function joinDiameters(
  seen: Diameters | undefined,
  known: Diameters | undefined,
): Diameters | undefined {
  if (!seen || !known) return seen ?? known;
  return {
    low: Math.min(seen.low, known.low),
    median: seen.median,
    high: Math.max(seen.high, known.high),
  };
}
