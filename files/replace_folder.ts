import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { isSystemFault } from "./_is_system_fault.ts";
import { describeSystemFault } from "./system_fault.ts";
import { flushFolder } from "./write_file.ts";

/**
 * Replaces a folder of files that belong together: writes the new ones into
 * `PATH.new`, then sets the old folder aside as `PATH.old` and renames.
 * A kill at any moment leaves what {@linkcode recoverFolder} brings back to
 * either the old folder or the new one, whole.
 *
 * @param path The folder.
 * @param write Writes the files into the folder it is given, with
 * {@linkcode writeFile}; an error that is not the system's is thrown on as it is.
 * @throws {FileError} If it cannot be written; the old folder stays then.
 *
 * @example
 * ```ts
 * import { recoverFolder, replaceFolder, writeFile } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/last`;
 * await replaceFolder(path, (folder) => writeFile(`${folder}/state.json`, "{}"));
 * assert(await recoverFolder(path));
 * ```
 */
export async function replaceFolder(
  path: string,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  await recoverFolder(path);
  const { folder, fresh, old } = namesOf(path);
  try {
    await refuseFile(path);
    await Deno.mkdir(fresh, { recursive: true });
    await write(fresh);
    await flushFolder(fresh);
    if (await isFolder(folder)) await Deno.rename(folder, old);
    await Deno.rename(fresh, folder);
    await flushFolder(dirname(folder));
    await remove(old);
  } catch (cause) {
    // What stopped the replacement is what the person needs to read.
    await putBack(path).catch(() => {});
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("write", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/**
 * Puts a folder right that {@linkcode replaceFolder} was killed over.
 *
 * @param path The folder.
 * @returns Whether the folder is there now.
 */
export async function recoverFolder(path: string): Promise<boolean> {
  const { folder, fresh, old } = namesOf(path);
  try {
    if (await isFolder(folder)) {
      await remove(old);
      await remove(fresh);
      return true;
    }
    if (await isFolder(old)) {
      // The old folder is set aside only once the new one is complete.
      await Deno.rename(await isFolder(fresh) ? fresh : old, folder);
      await remove(old);
      return true;
    }
    await remove(fresh);
    return false;
  } catch (cause) {
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("recover", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** The folder's names, of which none ends with a separator. */
function namesOf(path: string): { folder: string; fresh: string; old: string } {
  const folder = join(dirname(path), basename(path));
  return { folder, fresh: `${folder}.new`, old: `${folder}.old` };
}

/** Undoes a replacement that failed before the new folder was in place. */
async function putBack(path: string): Promise<void> {
  const { folder, fresh, old } = namesOf(path);
  if (!await isFolder(folder) && await isFolder(old)) {
    await Deno.rename(old, folder);
  }
  await remove(fresh);
}

/** Throws if there is a file where the folder should go. */
async function refuseFile(path: string): Promise<void> {
  const found = await statOrNothing(namesOf(path).folder);
  if (found && !found.isDirectory) {
    throw new FileError(
      cannot("write", "folder", path, {
        found: "a file of that name",
        remedy: "move it away or choose another name",
      }),
    );
  }
}

async function statOrNothing(
  path: string,
): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await statOrNothing(path))?.isDirectory ?? false;
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
