import { cannot, FileError } from "@unet/errors";
import { infoOf, type InfoOptions } from "./info_of.ts";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Reads the kind, size and times of a path; follows a link unless an option
 * specifies otherwise.
 *
 * @param path The path.
 * @param verb What it is wanted for, for the message, as in "load".
 * @param thing What it would be, for the message, as in "model".
 * @param options Whether a link is followed.
 * @returns What the system reports about it, or null if nothing is there.
 * @throws {FileError} If the system does not let it be seen.
 *
 * @example
 * ```ts
 * import { pathInfo } from "@unet/files";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * assert((await pathInfo(folder, "read", "note"))?.isDirectory);
 * assertEquals(await pathInfo(`${folder}/none`, "read", "note"), null);
 * ```
 */
export async function pathInfo(
  path: string,
  verb: string,
  thing: string,
  options: InfoOptions = {},
): Promise<Deno.FileInfo | null> {
  try {
    return await infoOf(path, options);
  } catch (cause) {
    throw new FileError(
      cannot(verb, thing, path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
