/**
 * Removes a folder with all that is in it, if it is there.
 *
 * @param path The folder.
 * @throws The system's own error, if it cannot be removed.
 *
 * @example
 * ```ts
 * import { infoOf, removeFolder } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempDir();
 * await removeFolder(path);
 * await removeFolder(path);
 * assertEquals(await infoOf(path), null);
 * ```
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
