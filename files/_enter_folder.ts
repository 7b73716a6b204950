import { resolve } from "@std/path";
import { makeFolders } from "./_make_folders.ts";
import { removeLeftovers } from "./remove_leftovers.ts";

/** Folders that this process has written into. */
const entered = new Set<string>();

/**
 * Makes a folder ready to be written into: makes it where it is missing, or
 * removes what killed processes left there, once per process.
 *
 * @throws The system's own error.
 */
export async function enterFolder(folder: string): Promise<void> {
  const made = await makeFolders(folder);
  if (made.length > 0) return;
  const place = resolve(folder);
  if (entered.has(place)) return;
  entered.add(place);
  await removeLeftovers(folder);
}
