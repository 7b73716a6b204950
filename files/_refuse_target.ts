import { cannot, FileError } from "@unet/errors";

/**
 * Refuses a place that no file may be renamed to: a folder, or a file that
 * somebody has made read-only, which a rename would replace all the same. A
 * link may be replaced: what it leads to stays as it is.
 *
 * @throws {FileError} If it is one of these.
 */
export async function refuseTarget(path: string, thing: string): Promise<void> {
  const refuse = (found: string, remedy?: string): FileError =>
    new FileError(
      cannot("write", thing, path, { found, ...(remedy && { remedy }) }),
    );
  try {
    const { isDirectory, isFile, mode } = await Deno.lstat(path);
    if (isDirectory) throw refuse("a folder");
    if (isFile && mode !== null && (mode & 0o222) === 0) {
      throw refuse(
        "a read-only file",
        "make it writable (chmod u+w), or choose another name",
      );
    }
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
