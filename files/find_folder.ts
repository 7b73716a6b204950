import { isFolder, markOfFolder, namesOf } from "./_folder_names.ts";

/**
 * Finds a folder that {@linkcode replaceFolder} writes, also while another
 * process is just replacing it, or where one was killed over it. Nothing is
 * changed.
 *
 * @param path The folder.
 * @returns Where it is now, whole: its path, or that of the new or the old one
 * on the way; null where there is none.
 *
 * @example
 * ```ts
 * import { findFolder, writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const run = await Deno.makeTempDir();
 * assertEquals(await findFolder(`${run}/last`), null);
 * // As a kill leaves it between two renames:
 * await writeFile(`${run}/last.old/state.json`, "{}");
 * assertEquals(await findFolder(`${run}/last`), `${run}/last.old`);
 * ```
 */
export async function findFolder(path: string): Promise<string | null> {
  const { folder, fresh, old } = namesOf(path);
  const isInPlace = await isFolder(folder);
  const isSetAside = await isFolder(old);
  // The old folder is set aside only once the new one is complete. What is in
  // its place besides the two is just being removed.
  if (isSetAside && await isFolder(fresh)) return fresh;
  if (isInPlace) return path;
  // Between these looks the new one may have come into its place.
  if (await isFolder(folder)) return path;
  return isSetAside ? old : null;
}

/** Tries before a folder that never rests is given up. */
const most = 20;

/**
 * Reads files that belong together from a folder that another process may
 * replace meanwhile: where it did, they are read anew, so that they are all of
 * one folder.
 *
 * @param path The folder.
 * @param read Reads what is wanted from the folder it is given.
 * @returns What it gave, or null where there is no folder.
 * @throws What it threw, unless the folder was replaced meanwhile.
 *
 * @example
 * ```ts
 * import { readFolder, readTextFile, writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const last = `${await Deno.makeTempDir()}/last`;
 * await writeFile(`${last}/state.json`, "{}");
 * const state = await readFolder(
 *   last,
 *   (folder) => readTextFile(`${folder}/state.json`),
 * );
 * assertEquals(state, "{}");
 * ```
 */
export async function readFolder<Result>(
  path: string,
  read: (folder: string) => Promise<Result>,
): Promise<Result | null> {
  for (let tries = 1;; tries++) {
    const folder = await findFolder(path);
    if (folder === null) return null;
    const mark = await markOfFolder(folder);
    // One set aside loses its files before its name, once the new one is there.
    const isSame = async (): Promise<boolean> =>
      tries === most ||
      await findFolder(path) === folder && await markOfFolder(folder) === mark;
    try {
      const result = await read(folder);
      if (await isSame()) return result;
    } catch (cause) {
      if (await isSame()) throw cause;
    }
  }
}
