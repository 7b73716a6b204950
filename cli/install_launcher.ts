import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeSystemFault,
  pathInfo,
  readFile,
  writeFile,
} from "@unet/files";
import { launcherMark } from "./launcher.ts";

/** A launcher's file name. */
export const launcherName = Deno.build.os === "windows" ? "unet.cmd" : "unet";

/** What was done about a launcher. */
export interface LauncherReport {
  /** Its file. */
  readonly path: string;
  /** What was in its place: nothing, the same launcher, or another one. */
  readonly before: "nothing" | "same" | "other";
}

/**
 * Writes a launcher into a folder. A file of another program is not replaced.
 *
 * @param folder The folder, made if it is missing.
 * @param text The launcher.
 * @returns What was done.
 * @throws {FileError} If something else has the name, or it cannot be written.
 */
export async function installLauncher(
  folder: string,
  text: string,
): Promise<LauncherReport> {
  const path = join(folder, launcherName);
  const found = await launcherAt(path, "install");
  if (found !== text) await writeFile(path, text, "command");
  try {
    if (Deno.build.os !== "windows") await Deno.chmod(path, 0o755);
  } catch (cause) {
    throw fault("install", path, describeSystemFault(cause), { cause });
  }
  return {
    path,
    before: found === undefined ? "nothing" : found === text ? "same" : "other",
  };
}

/**
 * Removes a launcher from the first of some folders that has one, and nothing
 * else.
 *
 * @param folders The folders.
 * @returns Its file, or nothing where there is no launcher.
 * @throws {FileError} If something else has the name, or it cannot be removed.
 */
export async function removeLauncher(
  folders: readonly string[],
): Promise<string | undefined> {
  let foreign: unknown;
  for (const folder of folders) {
    const path = join(folder, launcherName);
    try {
      if (await launcherAt(path, "remove") === undefined) continue;
      await Deno.remove(path);
      return path;
    } catch (cause) {
      if (!(cause instanceof FileError)) {
        throw fault("remove", path, describeSystemFault(cause), { cause });
      }
      foreign ??= cause;
    }
  }
  if (foreign !== undefined) throw foreign;
  return undefined;
}

/** The text of the launcher at a path, or nothing where nothing is. */
async function launcherAt(
  path: string,
  verb: string,
): Promise<string | undefined> {
  const info = await pathInfo(path, verb, "command", { ofLink: true });
  if (info === null) return undefined;
  const kind = info.isSymlink
    ? "a symbolic link"
    : info.isDirectory
    ? "a folder"
    : "a file of another program";
  // Longer than any launcher: nothing to read whole.
  const isRead = info.isFile && info.size < 65_536;
  const text = isRead
    ? new TextDecoder().decode(await readFile(path, "command"))
    : "";
  if (text.includes(launcherMark)) return text;
  throw fault(verb, path, kind, {
    remedy: verb === "install"
      ? "move it away, or choose another folder by --to"
      : "it stays",
  });
}

function fault(
  verb: string,
  path: string,
  found: string,
  { remedy, cause }: { readonly remedy?: string; readonly cause?: unknown },
): FileError {
  return new FileError(
    cannot(verb, "command", path, {
      found,
      ...(remedy !== undefined && { remedy }),
    }),
    { cause },
  );
}
