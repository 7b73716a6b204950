import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, readFile } from "@unet/files";
import type { DatasetFile } from "./dataset_file.ts";
import type { Listing } from "./listing.ts";
import { isZarrFolder } from "../zarr/zarr_place.ts";

/** How deep a file may lie: `two/folders/above/CASE/images/file`. */
const maxDepth = 6;

/** A folder that so many links lead to is not listed under more names. */
const mostNames = 16;

/**
 * Lists the files of a folder and the folders in it. Links are followed, but
 * not in a circle; hidden folders are skipped.
 *
 * @throws {FileError} If a folder cannot be read.
 */
export function listFolder(path: string): Listing {
  const walk: Walk = { root: path, files: [], names: new Map() };
  const info = statOf(path);
  visit(walk, "", info ? [identityOf(info, path)] : []);
  return { files: walk.files, faults: [], close: () => {} };
}

/** What a walk through folders has met. */
interface Walk {
  readonly root: string;
  readonly files: DatasetFile[];
  /** How many names each folder was listed under. */
  readonly names: Map<string, number>;
}

/**
 * Lists a folder.
 *
 * @param above The folders from the root down to it.
 */
function visit(walk: Walk, folder: string, above: readonly string[]): void {
  const { root, files, names } = walk;
  for (const entry of entriesOf(join(root, folder))) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const path = join(root, name);
    // A link says what it leads to only when it is followed.
    const info = statOf(path);
    // An OME-Zarr is one image, or a plate of them, whatever lies in it.
    const isZarr = info?.isDirectory && isZarrFolder(path);
    if (info?.isFile || isZarr) files.push(fileOf(name, path, info));
    if (isZarr) continue;
    const isListed = info?.isDirectory && above.length < maxDepth &&
      !entry.name.startsWith(".");
    if (!isListed) continue;
    // Links may lead to the same folder by any number of ways.
    const identity = identityOf(info, path), known = names.get(identity) ?? 0;
    if (above.includes(identity) || known >= mostNames) continue;
    names.set(identity, known + 1);
    visit(walk, name, [...above, identity]);
  }
}

/** What a folder is, whatever it is called. */
function identityOf({ dev, ino }: Deno.FileInfo, path: string): string {
  return ino === null ? path : `${dev} ${ino}`;
}

function entriesOf(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (cause) {
    throw new FileError(
      cannot("list", "folder", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (cause) {
    // A link that leads nowhere, or to itself, is no file of the dataset.
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.FilesystemLoop
    ) return undefined;
    throw new FileError(
      cannot("read", "file", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}

function fileOf(
  name: string,
  path: string,
  info: Deno.FileInfo,
): DatasetFile {
  return {
    name,
    path,
    diskPath: path,
    size: info.size,
    stored: info.size,
    stamp: String(info.mtime?.getTime() ?? 0),
    read: () => readFile(path, "file"),
  };
}
