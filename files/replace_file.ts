import { dirname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { isSystemFault } from "./_is_system_fault.ts";
import { refuseTarget } from "./_refuse_target.ts";
import { flushFolder } from "./flush_folder.ts";
import { describeSystemFault } from "./system_fault.ts";

/** How {@linkcode replaceFile} replaces. */
export interface ReplaceFileOptions {
  /**
   * Asked right before, as whether the other file is still as it was; nothing
   * of this program runs in between. A new file that is not wanted is removed.
   */
  readonly isWanted: () => boolean;
  /** What it is to the person who reads the message, as in "mask". */
  readonly thing?: string;
}

/**
 * Puts a finished file in the place of another one, atomically, if that is still
 * wanted.
 *
 * @param from The finished file, in the same folder.
 * @param to The other one, which need not be there; not if it is read-only.
 * @param options Who decides.
 * @returns Whether it was replaced.
 * @throws {FileError} If it cannot be replaced; the new file is removed then.
 *
 * @example
 * ```ts
 * import { replaceFile, writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeFile(`${folder}/new`, "new");
 * await replaceFile(`${folder}/new`, `${folder}/note`, {
 *   isWanted: () => true,
 * });
 * assertEquals(await Deno.readTextFile(`${folder}/note`), "new");
 * ```
 */
export async function replaceFile(
  from: string,
  to: string,
  { isWanted, thing = "file" }: ReplaceFileOptions,
): Promise<boolean> {
  let isDone = false;
  try {
    await refuseTarget(to, thing);
    if (!isWanted()) return false;
    Deno.renameSync(from, to);
    isDone = true;
    await flushFolder(dirname(to));
    return true;
  } catch (cause) {
    if (!isSystemFault(cause)) throw cause;
    throw new FileError(
      cannot("write", thing, to, { found: describeSystemFault(cause) }),
      { cause },
    );
  } finally {
    if (!isDone) await Deno.remove(from).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
