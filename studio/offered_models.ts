import { findingOf } from "@unet/infer";
import { readModel } from "@unet/model";
import { publishedModel, publishedNames } from "@unet/model/published-model";
import type { StudioRoom } from "./studio_room.ts";

/** The models that are there when the studio opens. */
export interface OfferedModels {
  /** Those that a person named, by path. */
  readonly named: readonly string[];
  /** The published ones that find objects, by name. */
  readonly published: readonly string[];
}

/**
 * The models to choose from: those that a person names, and the published ones
 * that find objects.
 *
 * @param named By path.
 */
export async function offeredModels(
  named: readonly string[],
): Promise<OfferedModels> {
  const names = await publishedNames();
  const areOfObjects = await Promise.all(names.map(async (name) => {
    const { plan } = await readModel((await publishedModel(name))!);
    return findingOf(plan.task.heads) !== "classes";
  }));
  return { named, published: names.filter((_, at) => areOfObjects[at]) };
}

/**
 * Every model to choose from now: those that were named, those that the folder
 * trained, the latest first, and the published ones.
 */
export async function allModels(
  { models, runs }: Pick<StudioRoom, "models" | "runs">,
): Promise<readonly string[]> {
  const { named, published } = models;
  const trained = (await runs.list()).map(({ model }) => model)
    .filter((model) => model !== null);
  return [...named, ...trained, ...published];
}
