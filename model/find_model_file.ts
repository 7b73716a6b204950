import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { pathInfo, readFile, readFolder, readStart } from "@unet/files";
import { modelFileName } from "./model_file_name.ts";
import { recognizedBytes } from "./foreign_file.ts";
import {
  publishedModel,
  publishedModels,
  publishedNames,
} from "./published_model.ts";

/** Where a model is looked for, in order. */
const runFolders = ["", "best", "last"] as const;

/**
 * Finds the model file that a path or a name means. A path that is there comes
 * before a published model of that name. A run may be in training: nothing is
 * changed, and of a folder that is just being replaced, or whose process was
 * killed over that, a whole one is taken.
 *
 * @param path A model file, a model folder, a run folder, or the name of a
 * published model.
 * @param models The folder of the published models.
 * @returns The file.
 * @throws {FileError} If there is none, or the system does not let it be seen.
 */
export async function findModelFile(
  path: string,
  models: URL = publishedModels,
): Promise<string> {
  const info = await pathInfo(path, "load", "model");
  if (info?.isFile) return path;
  const places = runFolders.map((
    folder,
  ) => [join(path, folder), modelFileName]);
  // A file that is named outright may lie in such a folder, too.
  if (info === null) places.push([dirname(path), basename(path)]);
  for (const [folder, name] of places as [string, string][]) {
    const file = await readFolder(folder, async (found) => {
      const file = join(found, name);
      return (await pathInfo(file, "load", "model"))?.isFile ? file : null;
    });
    if (file !== null) return file;
  }
  if (info !== null) {
    throw new FileError(
      cannot("load", "model", path, {
        found: "no model in it",
        expected: `a run folder, a model folder or a ${modelFileName}`,
      }),
    );
  }
  const folder = await publishedModel(path, models);
  if (folder === undefined) throw await noModel(path, models);
  return await findModelFile(folder, models);
}

async function noModel(path: string, models: URL): Promise<FileError> {
  const names = await publishedNames(models);
  const remedy = names.length > 0
    ? `published models: ${names.join(", ")}`
    : models.protocol !== "file:" && !/[./\\]/.test(path)
    ? "published models come with a checkout of the repository: give the " +
      "file's path"
    : undefined;
  return new FileError(
    cannot("load", "model", path, {
      found: "no such file or folder",
      expected: `a run folder, a model folder, a ${modelFileName}, or the ` +
        "name of a published model",
      ...(remedy !== undefined && { remedy }),
    }),
  );
}

/** Tries before a model that is replaced again and again is given up. */
const most = 20;

/** How {@linkcode readModelFile} reads. */
export interface ReadModelOptions {
  /** What it is to the person who reads a message; "model" by default. */
  readonly thing?: string;
  /**
   * Given the beginning of the file before all of it is read; throws where the
   * rest is not worth it, as of a slide of gigabytes that was named by mistake.
   */
  readonly inspect?: (start: Uint8Array, path: string) => void;
}

/**
 * Reads the model file that a path means, also of a run in training.
 *
 * @param path A model file, a model folder, a run folder, or the name of a
 * published model.
 * @param options What it is called, and what is looked at first.
 * @returns The file, and its bytes.
 * @throws {FileError} If there is none, or it cannot be read.
 */
export async function readModelFile(
  path: string,
  { thing = "model", inspect }: ReadModelOptions = {},
): Promise<{ readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  for (let tries = 1;; tries++) {
    const file = await findModelFile(path);
    try {
      inspect?.(await readStart(file, recognizedBytes, thing), file);
      return { path: file, bytes: await readFile(file, thing) };
    } catch (error) {
      const isGone = error instanceof FileError &&
        error.cause instanceof Deno.errors.NotFound;
      // Replaced after it was found.
      if (!isGone || tries === most) throw error;
    }
  }
}
