import { dirname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
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
 * {@linkcode writeFile}.
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
  const fresh = `${path}.new`, old = `${path}.old`;
  try {
    await Deno.mkdir(fresh, { recursive: true });
    await write(fresh);
    await flushFolder(fresh);
    if (await isFolder(path)) await Deno.rename(path, old);
    await Deno.rename(fresh, path);
    await flushFolder(dirname(path));
    await remove(old);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
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
  const fresh = `${path}.new`, old = `${path}.old`;
  try {
    if (await isFolder(path)) {
      await remove(old);
      await remove(fresh);
      return true;
    }
    if (await isFolder(old)) {
      // The old folder is set aside only once the new one is complete.
      await Deno.rename(await isFolder(fresh) ? fresh : old, path);
      await remove(old);
      return true;
    }
    await remove(fresh);
    return false;
  } catch (cause) {
    throw new FileError(
      cannot("recover", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
