import { findingOf } from "@unet/infer";
import { readModel } from "@unet/model";
import { publishedModel, publishedNames } from "@unet/model/published-model";

/**
 * The models to choose from: those that a person names, and the published ones
 * that find objects.
 *
 * @param named By path.
 */
export async function offeredModels(
  named: readonly string[],
): Promise<readonly string[]> {
  const names = await publishedNames();
  const areOfObjects = await Promise.all(names.map(async (name) => {
    const { plan } = await readModel((await publishedModel(name))!);
    return findingOf(plan.task.heads) !== "classes";
  }));
  return [...named, ...names.filter((_, at) => areOfObjects[at])];
}
