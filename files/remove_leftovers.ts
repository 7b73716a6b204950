import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { isOfThisMachine, temporaryName } from "./_temporary.ts";
import { isSystemFault } from "./_is_system_fault.ts";
import { tryLock } from "./_try_lock.ts";
import { removeFolder } from "./remove_folder.ts";
import { describeSystemFault } from "./system_fault.ts";

/** The files and folders that {@linkcode removeLeftovers} removed. */
export interface Leftovers {
  /** How many temporary files and folders. */
  readonly count: number;
  /** Bytes of the files; folders are not counted. */
  readonly bytes: number;
}

/** How long a file of another machine rests before it counts as left over. */
const day = 24 * 60 * 60 * 1000;

/**
 * Removes the temporary files and folders that killed processes left in a
 * folder: those of {@linkcode writeFile}, {@linkcode FileWriter} and
 * {@linkcode replaceFolder}, which have names of their own (`.UUID-….part`,
 * `.UUID-….new`). One that its process still writes is locked and stays, as
 * does everything on a file system without locks. Locks of some network file
 * systems do not reach other machines: what another machine made is removed a
 * day after its last change.
 *
 * {@linkcode writeFile} and the others call this for each folder that they
 * write into, once per process.
 *
 * @param folder The folder; those in it are not searched.
 * @returns What was removed; nothing where there is no such folder.
 * @throws {FileError} If the folder cannot be read. What cannot be removed,
 * as a file of another user, stays without an error.
 *
 * @example
 * ```ts
 * import { removeLeftovers, writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeFile(`${folder}/.${crypto.randomUUID()}.part`, "12345");
 * assertEquals(await removeLeftovers(folder), { count: 1, bytes: 5 });
 * ```
 */
export async function removeLeftovers(folder: string): Promise<Leftovers> {
  let count = 0, bytes = 0;
  for (const { name, isFile, isDirectory } of await entriesOf(folder)) {
    const [, , tag, kind] = temporaryName.exec(name) ?? [];
    const isOurs = kind === "part" ? isFile : kind === "new" && isDirectory;
    if (!isOurs) continue;
    const path = join(folder, name);
    try {
      const size = kind === "part"
        ? await removeFile(path, tag)
        : await removeUnmarked(path);
      if (size === null) continue;
      count++;
      bytes += size;
    } catch (cause) {
      // Gone meanwhile, or another user's: it is in nobody's way.
      if (!isSystemFault(cause)) throw cause;
    }
  }
  return { count, bytes };
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw new FileError(
      cannot("list", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

/**
 * Removes a file that nobody has locked, with the folder that it marks.
 *
 * @returns Its bytes, or null where it stays.
 */
async function removeFile(
  path: string,
  tag: string | undefined,
): Promise<number | null> {
  using file = await Deno.open(path, { write: true });
  if (await tryLock(file) !== "locked") return null;
  try {
    const { size, mtime } = await file.stat();
    const age = Date.now() - (mtime?.getTime() ?? 0);
    if (!isOfThisMachine(tag) && age < day) return null;
    // The folder first: its mark is what leads here.
    await removeFolder(path.replace(/part$/, "new"));
    await Deno.remove(path);
    return size;
  } finally {
    file.unlockSync();
  }
}

/** Removes a folder without a mark, which comes before and goes after it. */
async function removeUnmarked(path: string): Promise<number | null> {
  try {
    await Deno.lstat(path.replace(/new$/, "part"));
    return null;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  await Deno.remove(path, { recursive: true });
  return 0;
}
