import { fromFileUrl } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { pathInfo } from "@unet/files";
import {
  encoderNames,
  findModelFile,
  readModel,
  type SavedModel,
} from "@unet/model";

/**
 * The models that come with the program, a folder each: data beside the
 * packages, which a checkout has and a program that runs from the net has not.
 */
const published = new URL("../models/", import.meta.url);

/** What a person means by the name of a model. */
export interface NamedModel {
  /** A model file, a model folder or a run folder. */
  readonly path: string;
  /** What to tell about it, where a published model has that name. */
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
  models: URL = published,
): Promise<NamedModel> {
  const folder = await publishedFolder(name, models);
  if (await isThere(name)) {
    const note = `Model: ${name} in the current folder, which comes before ` +
      "the published model of that name";
    return folder === undefined ? { path: name } : { path: name, note };
  }
  if (folder !== undefined) {
    return { path: folder, note: `Model: ${name}, published with the program` };
  }
  throw new FileError(
    cannot("load", "model", name, {
      found: "no such file or folder",
      expected: "a run folder, a model folder, a model.safetensors, or the " +
        "name of a published model",
      remedy: isArchitecture(name)
        ? `${name} is an architecture, which --network names`
        : models.protocol === "file:"
        ? "models/README.md lists those"
        : "those come with a checkout of the repository: give the file's path",
    }),
  );
}

/**
 * Reads the model that a person names.
 *
 * @param name A path, or the name of a published model.
 * @param tell Told which it is, where a published model has that name.
 * @throws {FileError} If there is none, or it cannot be read.
 * @throws {ModelError} If the file is damaged.
 */
export async function readNamedModel(
  name: string,
  tell: (line: string) => void,
): Promise<SavedModel> {
  const { path, note } = await findModel(name);
  if (note !== undefined) tell(note);
  return await readModel(path);
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
  models: URL = published,
): Promise<string | undefined> {
  const folder = await publishedFolder(name, models);
  return folder === undefined || await isThere(name) ? undefined : folder;
}

/** The folder of a published model, where there is one of that name. */
async function publishedFolder(
  name: string,
  models: URL,
): Promise<string | undefined> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return undefined;
  // Of a program that runs from the net, they are not on this machine.
  if (models.protocol !== "file:") return undefined;
  const folder = fromFileUrl(new URL(`${name}/`, models));
  if (!await isThere(folder)) return undefined;
  await findModelFile(folder);
  return folder;
}

function isArchitecture(name: string): boolean {
  return (encoderNames as readonly string[]).includes(name);
}

async function isThere(path: string): Promise<boolean> {
  return await pathInfo(path, "load", "model") !== null;
}
