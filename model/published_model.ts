/**
 * The models that come with the program.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, pathInfo } from "@unet/files";

/**
 * The models that come with the program, a folder each: data beside the
 * packages, which a checkout has and a program that runs from the net has not.
 */
export const publishedModels: URL = new URL("../models/", import.meta.url);

/** What a folder's name must be to be that of a published model. */
const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Finds the folder of a published model.
 *
 * @param name A name, as in "nuclei"; anything else is no published model.
 * @param models The folder of the published models.
 * @returns The model's folder, or nothing where there is none of that name.
 * @throws {FileError} If the system does not let it be seen.
 *
 * @example
 * ```ts
 * import { publishedModel } from "@unet/model";
 * import { assert, assertEquals } from "@std/assert";
 *
 * assert(await publishedModel("nuclei") !== undefined);
 * assertEquals(await publishedModel("runs/first"), undefined);
 * ```
 */
export async function publishedModel(
  name: string,
  models: URL = publishedModels,
): Promise<string | undefined> {
  // Of a program that runs from the net, they are not on this machine.
  if (!namePattern.test(name) || models.protocol !== "file:") return undefined;
  const folder = join(fromFileUrl(models), name);
  const info = await pathInfo(folder, "load", "model");
  return info?.isDirectory ? folder : undefined;
}

/**
 * The names of the published models, in order; none where the program runs
 * from the net.
 *
 * @param models The folder of the published models.
 * @throws {FileError} If the system does not let it be read.
 */
export async function publishedNames(
  models: URL = publishedModels,
): Promise<string[]> {
  if (models.protocol !== "file:") return [];
  const folder = fromFileUrl(models), names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && namePattern.test(name)) names.push(name);
    }
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new FileError(
      cannot("read", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  return names.sort();
}
