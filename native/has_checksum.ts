import { FileError } from "@unet/errors";
import { parseJson, sha256Of, writeFile } from "@unet/files";

/**
 * Compares a library with its checksum before it is loaded: native code may do
 * whatever the person may. What the file was like is noted beside it, so that
 * it is read again once it has changed, and not at every start.
 *
 * @param path The file.
 * @param sha256 Its checksum, in hexadecimal.
 * @returns Whether it has that checksum.
 * @throws {FileError} If it cannot be read.
 */
export async function hasChecksum(
  path: string,
  sha256: string,
): Promise<boolean> {
  const note = `${path}.checked`, seen = await stampOf(path, sha256);
  if (await noted(note) === seen) return true;
  if (await sha256Of(path) !== sha256) return false;
  // A file that was replaced meanwhile is compared the next time.
  await keep(note, seen);
  return true;
}

/** What changes when a file does; the system alone sets the third time. */
async function stampOf(path: string, sha256: string): Promise<string> {
  const { size, mtime, ctime, ino, dev } = await Deno.stat(path);
  const times = [mtime, ctime].map((time) => time?.getTime() ?? null);
  return JSON.stringify({ sha256, size, times, ino, dev });
}

async function noted(note: string): Promise<string | undefined> {
  try {
    return JSON.stringify(parseJson(await Deno.readTextFile(note)));
  } catch {
    // Whatever is wrong with the note, the library is compared then.
    return undefined;
  }
}

async function keep(note: string, stamp: string): Promise<void> {
  try {
    await writeFile(note, stamp, "note");
  } catch (cause) {
    // In a cache that is read alone, the file is compared at every start.
    if (!(cause instanceof FileError)) throw cause;
  }
}
