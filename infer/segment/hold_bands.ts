import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeHolder,
  describeSystemFault,
  type HeldLock,
  holdLock,
  howToEnd,
  isNotedElsewhere,
} from "@unet/files";
import { removeBands } from "../windows/band_store.ts";

const lockName = ".lock";

/** What a folder of an image's rows holds, and its files that are being made. */
const ours =
  /^(state\.json|\d+\.band|\.lock(\.json)?|\.[0-9a-f-]{36}(-[0-9a-f]{8})?\.part)$/;

/** How the folders of a stack's planes within it are called. */
const planeName = /^\d+$/;

/** How such folders are called. */
const folderName = /^\..+\.partial$/;

/** How long rows of another machine rest before they count as left over. */
const day = 24 * 60 * 60 * 1000;

/**
 * Takes a folder of an image's rows for this process.
 *
 * @throws {FileError} If another process has it.
 */
export async function holdBands(folder: string): Promise<HeldLock> {
  const path = join(folder, lockName);
  const result = await holdLock(path);
  if ("lock" in result) return result.lock;
  const { holder } = result;
  throw new FileError(cannot("write", "folder", folder, {
    found: describeHolder(holder, "segmenting the same image"),
    expected: "one process at a time",
    remedy: `wait for it, or ${howToEnd(holder, path)}`,
  }));
}

/**
 * Takes the folder of a stack's rows, which holds a folder per plane, for this
 * process; makes it if it is missing.
 *
 * @param kept The folder, and whether what is there is used; else it is
 * removed.
 * @throws {FileError} If another process has it, or it cannot be made.
 */
export async function holdStack(
  { folder, resume }: { readonly folder: string; readonly resume: boolean },
): Promise<HeldLock> {
  if (!resume) await removeBands(folder);
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new FileError(
      cannot("make", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  return await holdBands(folder);
}

/**
 * Removes the rows of images that killed runs left in a folder. Those of a
 * process that is at work are locked and stay, and so does everything on a file
 * system without locks; rows of another machine's process stay for a day.
 *
 * @param folder The folder; those in it are not searched.
 * @param isKept Whether the rows in a folder may still be used.
 * @throws {FileError} If it cannot be read, or rows cannot be removed.
 */
export async function clearBands(
  folder: string,
  isKept: (path: string) => boolean,
): Promise<void> {
  for (const { name, isDirectory } of await entriesOf(folder)) {
    const path = join(folder, name);
    if (!isDirectory || !folderName.test(name) || isKept(path)) continue;
    if (!await isOurs(path)) continue;
    const lock = join(path, lockName);
    if (isNotedElsewhere(lock) && await age(path) < day) continue;
    const result = await holdLock(lock);
    if (!("lock" in result)) continue;
    using held = result.lock;
    if (held.isLocked) await removeBands(path);
  }
}

/** Whether a folder holds rows alone, of an image or of a stack's planes. */
async function isOurs(folder: string): Promise<boolean> {
  for (const { name, isDirectory } of await entriesOf(folder)) {
    const isPlane = isDirectory && planeName.test(name);
    if (isPlane && await isOurs(join(folder, name))) continue;
    if (!ours.test(name)) return false;
  }
  return true;
}

async function age(path: string): Promise<number> {
  const { mtime } = await Deno.stat(path);
  return Date.now() - (mtime?.getTime() ?? 0);
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
