import { join } from "@std/path";
import { removeLeftovers } from "@unet/files";

/**
 * Removes the temporary files that killed processes left in a cache.
 *
 * @throws {FileError} If its folders cannot be read.
 */
export async function clearCache(folder: string): Promise<void> {
  for (const name of ["cases", "index"]) {
    await removeLeftovers(join(folder, name));
  }
}
