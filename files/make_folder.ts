import { cannot, FileError } from "@unet/errors";
import { makeFolders } from "./_make_folders.ts";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Makes a folder, and those that it lies in, unless they are there; a power
 * cut does not undo it.
 *
 * @param path The folder.
 * @returns The folders that were missing, the given one first.
 * @throws {FileError} If it cannot be made, as where a file is in its place.
 *
 * @example
 * ```ts
 * import { makeFolder, pathInfo } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * const folder = `${await Deno.makeTempDir()}/runs/study`;
 * await makeFolder(folder);
 * assert((await pathInfo(folder, "read", "folder"))?.isDirectory);
 * ```
 */
export async function makeFolder(path: string): Promise<readonly string[]> {
  try {
    return await makeFolders(path);
  } catch (cause) {
    throw new FileError(
      cannot("make", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
