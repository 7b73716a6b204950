import { join, SEPARATOR } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf } from "@unet/files";

/** The folder of a studio's own files. */
export const ownFolder = ".studio";

/** Where its trainings are. */
const runFolder = `${ownFolder}/runs`;

/** The files in it that are read and written. */
const ownFiles = ["states.jsonl", "saving.json", "lock", "lock.json"];

/**
 * Refuses a folder whose `.studio`, or a file in it, would have another file
 * read or written in its place: a link that leads elsewhere, or a pipe.
 *
 * @param root The folder, without links.
 * @throws {FileError} If there is one.
 */
export async function requireOwnFiles(root: string): Promise<void> {
  const home = await resolved(root, ownFolder, root);
  if (home === null) return;
  for (const file of ownFiles) {
    const place = await resolved(root, `${ownFolder}/${file}`, home);
    if (place !== null && !(await infoOf(place))?.isFile) {
      throw fault(root, `${ownFolder}/${file}`, "what is no file");
    }
  }
  const runs = await resolved(root, runFolder, home);
  if (runs !== null && !(await infoOf(runs))?.isDirectory) {
    throw fault(root, runFolder, "what is no folder");
  }
}

/** Where a path leads; null where nothing is there. */
async function resolved(
  root: string,
  name: string,
  within: string,
): Promise<string | null> {
  const path = join(root, name);
  const info = await infoOf(path, { ofLink: true }).catch((cause) => {
    throw fault(root, name, describeSystemFault(cause), cause);
  });
  if (!info?.isSymlink) return info && path;
  const place = await Deno.realPath(path).catch((cause) => {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw fault(root, name, "a link that leads to no file", cause);
  });
  if (place.startsWith(within + SEPARATOR)) return place;
  throw fault(root, name, "a link that leads out of the folder");
}

function fault(
  root: string,
  name: string,
  found: string,
  cause?: unknown,
): FileError {
  return new FileError(
    cannot("open", "file", join(root, name), {
      found,
      expected: "the studio's own file or folder",
      remedy: "remove it, or move it elsewhere",
    }),
    { cause },
  );
}
