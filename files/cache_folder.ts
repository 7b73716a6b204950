import { isAbsolute, join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "./system_fault.ts";

/**
 * Finds the folder of what can be made or fetched again, as decoded datasets
 * and the libraries of devices: `UNET_CACHE` where it is set, else `unet` in the user's cache folder (`XDG_CACHE_HOME`, `~/.cache`,
 * or `LOCALAPPDATA` on Windows). The environment is read on every call, and
 * nothing is made.
 *
 * @param names Folders in it, one below the other.
 * @returns The folder's path.
 * @throws {FileError} If the environment names none, or may not be read.
 *
 * @example
 * ```ts
 * import { cacheFolder } from "@unet/files";
 * import { assert } from "@std/assert";
 *
 * assert(cacheFolder("devices").endsWith("devices"));
 * ```
 */
export function cacheFolder(...names: readonly string[]): string {
  return names.length === 0 ? base() : join(base(), ...names);
}

function base(): string {
  const own = variable("UNET_CACHE");
  if (own) return own;
  if (Deno.build.os === "windows") {
    const local = variable("LOCALAPPDATA");
    if (local) return join(local, "unet", "cache");
  }
  const shared = variable("XDG_CACHE_HOME");
  // The specification asks to skip a relative path.
  if (shared && isAbsolute(shared)) return join(shared, "unet");
  const home = variable("HOME") || variable("USERPROFILE");
  if (home) return join(home, ".cache", "unet");
  throw new FileError(cannot("find", "folder", "cache", {
    found: "no home folder in the environment",
    remedy: "set UNET_CACHE to a folder",
  }));
}

function variable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (cause) {
    throw new FileError(
      cannot("find", "folder", "cache", {
        found: describeSystemFault(cause),
        remedy: `allow env=${name} to Deno, or name a folder`,
      }),
      { cause },
    );
  }
}
