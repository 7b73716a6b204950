import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { pathInfo } from "@unet/files";

/** The file's name inside a model folder. */
export const modelFileName = "model.safetensors";

/**
 * Where a model is looked for, in order; a run that was killed while it saved
 * may hold nothing but the old folder.
 */
const runFolders = ["", "best", "best.old", "last", "last.old"] as const;

/**
 * Finds the model file that a path means.
 *
 * @param path A model file, a model folder or a run folder.
 * @returns The file.
 * @throws {FileError} If there is none, or the system does not let it be seen.
 */
export async function findModelFile(path: string): Promise<string> {
  const info = await pathInfo(path, "load", "model");
  if (info?.isFile) return path;
  const candidates = runFolders.map((folder) =>
    join(path, folder, modelFileName)
  );
  for (const candidate of candidates) {
    if ((await pathInfo(candidate, "load", "model"))?.isFile) return candidate;
  }
  throw new FileError(
    cannot("load", "model", path, {
      found: info === null ? "no such file or folder" : "no model in it",
      expected: `a run folder, a model folder or a ${modelFileName}`,
    }),
  );
}
