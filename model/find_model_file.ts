import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { pathInfo, readFile, readFolder } from "@unet/files";

/** The file's name inside a model folder. */
export const modelFileName = "model.safetensors";

/** Where a model is looked for, in order. */
const runFolders = ["", "best", "last"] as const;

/**
 * Finds the model file that a path means. A run may be in training: nothing is
 * changed, and of a folder that is just being replaced, or whose process was
 * killed over that, a whole one is taken.
 *
 * @param path A model file, a model folder or a run folder.
 * @returns The file.
 * @throws {FileError} If there is none, or the system does not let it be seen.
 */
export async function findModelFile(path: string): Promise<string> {
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
  throw new FileError(
    cannot("load", "model", path, {
      found: info === null ? "no such file or folder" : "no model in it",
      expected: `a run folder, a model folder or a ${modelFileName}`,
    }),
  );
}

/** Tries before a model that is replaced again and again is given up. */
const most = 20;

/**
 * Reads the model file that a path means, also of a run in training.
 *
 * @param path A model file, a model folder or a run folder.
 * @param thing What it is to the person who reads a message; "model" by
 * default.
 * @returns The file, and its bytes.
 * @throws {FileError} If there is none, or it cannot be read.
 */
export async function readModelFile(
  path: string,
  thing = "model",
): Promise<{ readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
  for (let tries = 1;; tries++) {
    const file = await findModelFile(path);
    try {
      return { path: file, bytes: await readFile(file, thing) };
    } catch (error) {
      const isGone = error instanceof FileError &&
        error.cause instanceof Deno.errors.NotFound;
      // Replaced after it was found.
      if (!isGone || tries === most) throw error;
    }
  }
}
