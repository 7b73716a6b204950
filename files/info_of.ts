/** How {@linkcode infoOf} treats a symbolic link. */
export interface InfoOptions {
  /** Whether the link itself is looked at, not where it leads; no by default. */
  readonly ofLink?: boolean;
}

/**
 * Reads the system's information on a path. {@linkcode pathInfo} words the
 * faults.
 *
 * @param path The path.
 * @param options Whether a link is followed.
 * @returns Kind, size and times; null if nothing is there.
 * @throws The system's error, if it does not let the path be seen.
 *
 * @example
 * ```ts
 * import { infoOf } from "@unet/files";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * assert((await infoOf(folder))?.isDirectory);
 * assertEquals(await infoOf(`${folder}/none`), null);
 * ```
 */
export async function infoOf(
  path: string,
  { ofLink = false }: InfoOptions = {},
): Promise<Deno.FileInfo | null> {
  try {
    return await (ofLink ? Deno.lstat(path) : Deno.stat(path));
  } catch (cause) {
    const isNothing = cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory;
    if (isNothing) return null;
    throw cause;
  }
}
