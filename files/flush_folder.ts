/**
 * Flushes a folder's entries to the disk, so that a new name survives a power
 * cut.
 *
 * @param path The folder.
 * @throws The system's own error, as where there is no such folder.
 *
 * @example
 * ```ts
 * import { flushFolder } from "@unet/files";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/run`);
 * await flushFolder(folder);
 * ```
 */
export async function flushFolder(path: string): Promise<void> {
  // Windows opens no folder as a file, and keeps renames in order without it.
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/**
 * Flushes a folder's entries at once, as {@linkcode flushFolder} does.
 *
 * @param path The folder.
 * @throws The system's own error, as where there is no such folder.
 *
 * @example
 * ```ts
 * import { flushFolderSync } from "@unet/files";
 *
 * flushFolderSync(await Deno.makeTempDir());
 * ```
 */
export function flushFolderSync(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path, { read: true });
  folder.syncSync();
}
