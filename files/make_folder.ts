import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Makes a folder, and those that it lies in, unless they are there.
 *
 * @param path The folder.
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
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw new FileError(
      cannot("make", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
