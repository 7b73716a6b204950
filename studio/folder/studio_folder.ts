import { basename, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  cacheFolder,
  describeHolder,
  describeSystemFault,
  describeWeakLock,
  holdLock,
  howToEnd,
  makeFolder,
} from "@unet/files";
import { hashOf } from "./hash_of.ts";
import { ownFolder, requireOwnFiles } from "./own_files.ts";

/** What a studio does that has the lock. */
const doing = "open there";

/** The folder of a studio, which no other studio has meanwhile. */
export interface StudioFolder extends Disposable {
  /** Its absolute path, without links. */
  readonly root: string;
  /** Its name, for a person. */
  readonly name: string;
  /** Where the studio's own files are: notes and the lock. */
  readonly home: string;
  /** Where is what can be made again: thumbnails and probabilities. */
  readonly cache: string;
  /** What a person should know of a lock that may keep nobody out. */
  readonly warning: string | null;
}

/**
 * Opens a folder for one studio.
 *
 * @param path The folder.
 * @returns The folder, to be disposed of.
 * @throws {FileError} If there is none, it cannot be written, a link in it leads
 * the studio's own files elsewhere, or another studio has it.
 */
export async function openStudioFolder(path: string): Promise<StudioFolder> {
  const root = await folderAt(path);
  const home = join(root, ownFolder), file = join(home, "lock");
  await requireOwnFiles(root);
  await makeFolder(home);
  const result = await holdLock(file).catch((cause) => {
    throw new FileError(
      cannot("open", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  });
  if ("holder" in result) {
    throw new FileError(
      cannot("open", "folder", path, {
        found: `a studio in ${describeHolder(result.holder, doing)}`,
        expected: "one studio per folder",
        remedy: `use its page, or ${howToEnd(result.holder, file)}`,
      }),
    );
  }
  const { lock } = result;
  return {
    root,
    name: basename(root) || root,
    home,
    cache: cacheFolder("studio", (await hashOf(root)).slice(0, 32)),
    warning: describeWeakLock(lock, "The folder", doing),
    [Symbol.dispose]: () => lock[Symbol.dispose](),
  };
}

async function folderAt(path: string): Promise<string> {
  const fault = (found: string, cause?: unknown): FileError =>
    new FileError(
      cannot("open", "folder", path, { found, expected: "a folder" }),
      { cause },
    );
  try {
    const root = await Deno.realPath(path);
    if (!(await Deno.stat(root)).isDirectory) throw fault("a file");
    return root;
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw fault(describeSystemFault(cause), cause);
  }
}
