import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, pathInfo } from "@unet/files";
import type { WrittenOutput } from "./manifest_event.ts";

/**
 * Those of some outputs that are there, with their sizes; of a folder, that of
 * its files.
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
    // Also null if a folder above is a file, which writing reports.
    const info = await pathInfo(path, "write", "output", { ofLink: true });
    if (info === null) continue;
    const size = info.isDirectory ? await sizeOfFolder(path) : info.size;
    found.push({ path: output, size });
  }
  return found;
}

/** Bytes of all files in a folder, as of an OME-Zarr. */
async function sizeOfFolder(path: string): Promise<number> {
  let size = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      const below = join(path, name);
      size += isDirectory
        ? await sizeOfFolder(below)
        : (await Deno.lstat(below)).size;
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError(
      cannot("read", "output", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  return size;
}
