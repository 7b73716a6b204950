import { dirname, join, SEPARATOR } from "@std/path";
import { cannot } from "@unet/errors";
import { describeSystemFault, infoOf } from "@unet/files";
import { RequestError } from "@unet/http";

/**
 * The place of a file in a folder, with every link resolved.
 *
 * @param root The folder, without links.
 * @param name The file's path from there.
 * @returns The file's absolute path.
 * @throws {RequestError} If it leads out of the folder (403), or is not there
 * (404).
 */
export async function placeIn(root: string, name: string): Promise<string> {
  const refused = (status: number, found: string): RequestError =>
    new RequestError(status, cannot("open", "file", name, { found }));
  let place: string;
  try {
    place = await Deno.realPath(join(root, name));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw refused(404, describeSystemFault(cause));
  }
  if (!isInside(root, place)) {
    throw refused(403, "a path that leads out of the studio's folder");
  }
  return place;
}

/**
 * Refuses a file that is to be written where a folder above it is a link that
 * leads out of the studio's folder.
 *
 * @param root The folder, without links.
 * @param name The file's path from there, which may not be there yet.
 * @throws {RequestError} With status 403.
 */
export async function requireInside(
  root: string,
  name: string,
): Promise<void> {
  let folder = dirname(name);
  // Folders that are missing are made, where they are named.
  while (folder !== "." && await infoOf(join(root, folder)) === null) {
    folder = dirname(folder);
  }
  if (folder !== ".") await placeIn(root, folder);
}

function isInside(root: string, place: string): boolean {
  return place.startsWith(root.endsWith(SEPARATOR) ? root : root + SEPARATOR);
}
