import { basename, dirname, join } from "@std/path";
import { pathInfo } from "./path_info.ts";

/** The names of a folder that is replaced, of which none ends with a separator. */
export interface FolderNames {
  /** Its own. */
  readonly folder: string;
  /** That of the new one, complete, before it is in its place. */
  readonly fresh: string;
  /** That of the old one, set aside. */
  readonly old: string;
}

/** The names that a folder has on the way of its replacement. */
export function namesOf(path: string): FolderNames {
  const folder = join(dirname(path), basename(path));
  return { folder, fresh: `${folder}.new`, old: `${folder}.old` };
}

/** Whether a folder is there, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await pathInfo(path, "find", "folder"))?.isDirectory ?? false;
}

/**
 * Names a folder, so that another that takes its place has another name.
 *
 * @returns A text that stays the same when it is renamed or files come and go;
 * null where there is no folder.
 */
export async function markOfFolder(path: string): Promise<string | null> {
  const info = await pathInfo(path, "find", "folder");
  if (!info?.isDirectory) return null;
  const { dev, ino, birthtime, mtime } = info;
  // The number alone is soon used again. Where no birth is known, a folder that
  // was changed counts as another.
  return `${dev} ${ino} ${(birthtime ?? mtime)?.getTime()}`;
}
