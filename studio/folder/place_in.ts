import { join, SEPARATOR } from "@std/path";
import { cannot } from "@unet/errors";
import { describeSystemFault } from "@unet/files";
import { RequestError } from "../server/request_error.ts";

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
  const inside = root.endsWith(SEPARATOR) ? root : root + SEPARATOR;
  if (!place.startsWith(inside)) {
    throw refused(403, "a path that leads out of the studio's folder");
  }
  return place;
}
