import { dirname, resolve } from "@std/path";
import { flushFolder } from "./flush_folder.ts";

/**
 * Makes a folder and those that it lies in, as far as they are missing, and
 * flushes their entries to the disk.
 *
 * @returns The folders that were missing, the given one first.
 * @throws The system's own error.
 */
export async function makeFolders(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = resolve(path); await isMissing(at); at = dirname(at)) {
    missing.push(at);
  }
  // Also where none is missing: a file in the way is refused by the system.
  await Deno.mkdir(path, { recursive: true });
  for (const made of missing.toReversed()) await flushIfAllowed(dirname(made));
  return missing;
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return false;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return true;
    // What may not be seen, or lies below a file, is for mkdir to judge.
    return false;
  }
}

/** A folder above may be one that this process may not open. */
async function flushIfAllowed(path: string): Promise<void> {
  try {
    await flushFolder(path);
  } catch (cause) {
    const isForbidden = cause instanceof Deno.errors.NotCapable ||
      cause instanceof Deno.errors.PermissionDenied;
    if (!isForbidden) throw cause;
  }
}
