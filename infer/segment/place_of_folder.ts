import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/**
 * A folder's absolute path without links, or nothing where there is none.
 *
 * @throws {FileError} If the system does not say.
 */
export async function placeOfFolder(
  path: string,
): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    // A path through a file; writing there says what is wrong.
    if (cause instanceof Deno.errors.NotADirectory) return undefined;
    throw new FileError(
      cannot("find", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
