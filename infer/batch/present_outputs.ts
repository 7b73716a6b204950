import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import type { WrittenOutput } from "./manifest_event.ts";

/**
 * Those of some outputs that are there, with their sizes.
 *
 * @param folder The output folder.
 * @param outputs Their paths within it.
 * @returns Those that are there, in the same order.
 * @throws {FileError} If the system refuses to look.
 *
 * @example
 * ```ts
 * import { presentOutputs } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/a.png`, "a mask");
 * assertEquals(
 *   await presentOutputs(folder, ["a.png", "b.png"]),
 *   [{ path: "a.png", size: 6 }],
 * );
 * ```
 */
export async function presentOutputs(
  folder: string,
  outputs: readonly string[],
): Promise<WrittenOutput[]> {
  const found: WrittenOutput[] = [];
  for (const output of outputs) {
    const path = join(folder, output);
    try {
      found.push({ path: output, size: (await Deno.lstat(path)).size });
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) continue;
      // A folder above is a file; writing says so.
      if (cause instanceof Deno.errors.NotADirectory) continue;
      throw new FileError(
        cannot("write", "output", path, { found: describeSystemFault(cause) }),
        { cause },
      );
    }
  }
  return found;
}
