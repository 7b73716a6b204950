/**
 * Finds a trained model by its path or its name.
 *
 * @module
 */
import { cannot, FileError } from "@unet/errors";
import { pathInfo } from "@unet/files";
import {
  findModelFile,
  networkNames,
  publishedModel,
  readModel,
  type SavedModel,
} from "@unet/model";
import { readPackagedModel } from "../packages/packaged_model.ts";

/** The model behind a name. */
export interface NamedModel {
  /** A model file, a model folder or a run folder. */
  readonly path: string;
  /** What to say about it, where a published model has that name. */
  readonly note?: string;
}

/**
 * Finds the model that a person names: a file or folder that is there, or else
 * a model that comes with the program.
 *
 * @param name A path, or the name of a folder in `models`.
 * @param models The folder of the models that come with the program.
 * @throws {FileError} If there is neither.
 */
export async function findModel(
  name: string,
  models?: URL,
): Promise<NamedModel> {
  const folder = await publishedModel(name, models);
  if (await isThere(name)) {
    const note = `Model: ${name} in the current folder, which comes before ` +
      "the published model of that name";
    return folder === undefined ? { path: name } : { path: name, note };
  }
  if (folder !== undefined) {
    await findModelFile(folder);
    return { path: folder, note: `Model: ${name}, published with the program` };
  }
  if ((networkNames as readonly string[]).includes(name)) {
    throw new FileError(
      cannot("load", "model", name, {
        found: "the name of an architecture",
        expected: "a trained model",
        remedy: `an architecture is \`network ${name}\`, in training`,
      }),
    );
  }
  return { path: await findModelFile(name, models) };
}

/**
 * Reads the model that a person names.
 *
 * @param name A path, or the name of a published model.
 * @param say Given a line where a published model has that name: which is read.
 * @throws {FileError} If there is none, or it cannot be read.
 * @throws {ModelError} If the file is damaged.
 */
export async function readNamedModel(
  name: string,
  say: (line: string) => void,
): Promise<SavedModel> {
  const { path, note } = await findModel(name);
  if (note !== undefined) say(note);
  return await readPackagedModel(path) ?? await readModel(path);
}

/**
 * Finds the published model that a person names where no file or folder has
 * that name.
 *
 * @returns Its folder, or nothing.
 * @throws {FileError} If the system does not let it be seen.
 */
export async function findPublished(
  name: string,
  models?: URL,
): Promise<string | undefined> {
  const folder = await publishedModel(name, models);
  return folder === undefined || await isThere(name) ? undefined : folder;
}

async function isThere(path: string): Promise<boolean> {
  return await pathInfo(path, "load", "model") !== null;
}
