import { join } from "@std/path";
import { pathInfo } from "@unet/files";
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
    // Also null if a folder above is a file, which writing reports.
    const info = await pathInfo(path, "write", "output", { ofLink: true });
    if (info !== null) found.push({ path: output, size: info.size });
  }
  return found;
}
