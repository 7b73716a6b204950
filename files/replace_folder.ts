import { basename, dirname, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { enterFolder } from "./_enter_folder.ts";
import { isFolder, markOfFolder, namesOf } from "./_folder_names.ts";
import { isSystemFault } from "./_is_system_fault.ts";
import { setAside } from "./_set_aside.ts";
import { Temporary } from "./_temporary.ts";
import { type FileLock, lockFile } from "./file_lock.ts";
import { findFolder } from "./find_folder.ts";
import { flushFolder } from "./flush_folder.ts";
import { removeLeftovers } from "./remove_leftovers.ts";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Replaces a folder of files that belong together: writes the new ones into a
 * temporary folder beside it, renames that to `PATH.new`, sets the old folder
 * aside as `PATH.old`, and renames again. A kill at any moment leaves what
 * {@linkcode recoverFolder} brings back to either the old folder or the new
 * one, whole; {@linkcode findFolder} finds it without changing anything.
 *
 * Two processes that replace one folder at the same time never mix their
 * files: the first to finish wins, and the other is refused. Where a symbolic
 * link is in the place, the folder replaces it; what it leads to stays.
 *
 * @param path The folder.
 * @param write Writes the files into the folder it is given, with
 * {@linkcode writeFile}; an error that is not the system's is thrown on as it is.
 * @throws {FileError} If it cannot be written, or was replaced by another
 * process meanwhile; what is there stays then.
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
  const { folder } = namesOf(path);
  try {
    await refuseFile(path);
    await enterFolder(dirname(folder));
    const before = await withLock(path, () => recover(path));
    // Locked as long as the folder is ours, and named like it.
    using mark = await Temporary.open(dirname(folder));
    const fresh = mark.path.replace(/part$/, "new");
    try {
      await Deno.mkdir(fresh);
      await write(fresh);
      await flushFolder(fresh);
      await withLock(path, () => putInPlace(path, { fresh, before }));
    } finally {
      await remove(fresh);
    }
  } catch (cause) {
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("write", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/**
 * Puts a folder right that {@linkcode replaceFolder} was killed over. One that
 * is just being replaced is waited for.
 *
 * @param path The folder.
 * @returns Whether the folder is there now.
 * @throws {FileError} If it cannot be put right.
 */
export async function recoverFolder(path: string): Promise<boolean> {
  const { folder } = namesOf(path);
  try {
    if (!await isFolder(dirname(folder))) return false;
    await removeLeftovers(dirname(folder));
    return await withLock(path, async () => await recover(path) !== null);
  } catch (cause) {
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("recover", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/** How long another process may take to rename two folders, in milliseconds. */
const patience = 30_000, pause = 20;

/** Does something to a folder while no other process renames it. */
async function withLock<Result>(
  path: string,
  act: () => Promise<Result>,
): Promise<Result> {
  const { folder } = namesOf(path);
  const name = join(dirname(folder), `.${basename(folder)}.rename.lock`);
  let lock: FileLock | null = null;
  for (let waited = 0; !lock; waited += pause) {
    lock = await lockFile(name);
    if (lock) break;
    if (waited > patience) {
      throw new FileError(
        cannot("write", "folder", path, {
          found: "another process that is still replacing it",
          remedy: "end that process",
        }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  using _ = lock;
  return await act();
}

/**
 * Finishes or undoes what a kill interrupted.
 *
 * @returns The folder's mark, which no other has; null where there is none.
 */
async function recover(path: string): Promise<string | null> {
  const { folder, fresh, old } = namesOf(path);
  const whole = await findFolder(folder);
  if (whole !== null && whole !== folder) {
    await remove(folder);
    await Deno.rename(whole, folder);
    await flushFolder(dirname(folder));
  }
  await remove(old);
  await remove(fresh);
  return await markOfFolder(folder);
}

/** Puts a complete folder in its place, unless another process was faster. */
async function putInPlace(
  path: string,
  { fresh, before }: {
    readonly fresh: string;
    readonly before: string | null;
  },
): Promise<void> {
  const { folder, fresh: complete, old } = namesOf(path);
  if (await recover(path) !== before) {
    throw new FileError(
      cannot("write", "folder", path, {
        found: "a version that another process wrote meanwhile",
        expected: "one process that writes it",
        remedy: "end the other one",
      }),
    );
  }
  if (before === null) {
    await Deno.rename(fresh, folder);
    await flushFolder(dirname(folder));
    return;
  }
  try {
    await Deno.rename(fresh, complete);
    // On the disk before the old one loses its name.
    await flushFolder(dirname(folder));
    await setAside(folder, old);
    await Deno.rename(complete, folder);
  } catch (cause) {
    // What stopped it is what the person needs to read.
    await undo(path).catch(() => {});
    throw cause;
  }
  await flushFolder(dirname(folder));
  await remove(old);
}

/** Undoes a replacement whose new folder did not come into its place. */
async function undo(path: string): Promise<void> {
  const { folder, fresh, old } = namesOf(path);
  if (await isFolder(old)) {
    await remove(folder);
    await Deno.rename(old, folder);
  }
  await remove(fresh);
}

/** Throws if there is a file where the folder should go. */
async function refuseFile(path: string): Promise<void> {
  const { folder } = namesOf(path);
  const found = await Deno.stat(folder).catch((cause) => {
    if (cause instanceof Deno.errors.NotFound) return null;
    throw cause;
  });
  if (found === null || found.isDirectory) return;
  throw new FileError(
    cannot("write", "folder", path, {
      found: "a file of that name",
      remedy: "move it away or choose another name",
    }),
  );
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
