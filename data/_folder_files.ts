import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, readFile } from "@unet/files";
import type { DatasetFile } from "./dataset_file.ts";
import type { Listing } from "./_listing.ts";

/** How deep a file may lie: `two/folders/above/CASE/images/file`. */
const maxDepth = 6;

/**
 * Lists the files of a folder and the folders in it. Links are followed;
 * hidden folders are passed over.
 *
 * @throws {FileError} If a folder cannot be read.
 */
export function listFolder(path: string): Listing {
  const files: DatasetFile[] = [];
  walk(path, "", 1, files);
  return { files, faults: [], close: () => {} };
}

function walk(
  root: string,
  folder: string,
  depth: number,
  files: DatasetFile[],
): void {
  for (const entry of entriesOf(join(root, folder))) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const path = join(root, name);
    // A link tells what it leads to only when it is followed.
    const info = statOf(path);
    if (info?.isFile) files.push(fileOf(name, path, info));
    if (info?.isDirectory && depth < maxDepth && !entry.name.startsWith(".")) {
      walk(root, name, depth + 1, files);
    }
  }
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
    size: info.size,
    stamp: String(info.mtime?.getTime() ?? 0),
    read: () => readFile(path, "file"),
  };
}
