import { cannot, DeviceError, FileError } from "@unet/errors";
import {
  cacheFolder,
  describeSystemFault,
  recoverFolder,
  replaceFolder,
} from "@unet/files";
import type { DeviceName } from "./device.ts";
import type { InstallProgress } from "./_installer.ts";
import { installerOf } from "./_installers.ts";
import { lockDevice } from "./_lock_device.ts";

export type { InstallProgress };

/** How {@linkcode installDevice} works. */
export interface InstallOptions {
  /** Told how it goes. */
  readonly onProgress?: (progress: InstallProgress) => void;
  /** Ends the installation when aborted; nothing of it is left then. */
  readonly signal?: AbortSignal;
}

/** What {@linkcode installDevice} did. */
export interface InstalledDevice {
  /** The device. */
  readonly name: DeviceName;
  /** The folder in the user's cache. */
  readonly folder: string;
  /** Whether it was installed now, and not before. */
  readonly isNew: boolean;
}

/**
 * Gets the library that a device needs into the user's cache, from pip, with
 * a checksum that is part of the program. It appears there whole or not at
 * all; of two processes that install at once, one waits for the other. Where
 * it is there already, nothing is fetched.
 *
 * @param name The device.
 * @param options Progress, and a signal to end it.
 * @returns Where it is.
 * @throws {UsageError} If it is no device that can be installed.
 * @throws {DeviceError} If it cannot be had here, or not be written.
 * @throws {FileError} If the environment names no cache.
 *
 * @example
 * ```ts
 * import { installDevice } from "@unet/device";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => installDevice("abacus"), Error, "expected onednn");
 * ```
 */
export async function installDevice(
  name: string,
  options: InstallOptions = {},
): Promise<InstalledDevice> {
  const installer = await installerOf(name);
  const { onProgress = () => {}, signal } = options;
  signal?.throwIfAborted();
  const folder = cacheFolder("devices", installer.folder);
  using _lock = await lockDevice(folder, { name, onProgress, signal });
  await recoverFolder(folder);
  const device = { name: installer.name, folder };
  if (await installer.isComplete(folder)) return { ...device, isNew: false };
  const obstacle = await installer.obstacle();
  if (obstacle !== null) {
    throw new DeviceError(
      cannot("install", "device", name, { found: obstacle }),
    );
  }
  try {
    await replaceFolder(
      folder,
      (fresh) => installer.fill(fresh, { onProgress, signal }),
    );
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new DeviceError(
      cannot("install", "device", name, {
        found: `a cache that cannot be written (${cause.message})`,
        remedy: "make room, or set UNET_CACHE to another folder",
      }),
      { cause },
    );
  }
  return { ...device, isNew: true };
}

/**
 * Removes from the user's cache what {@linkcode installDevice} put there.
 *
 * @param name The device.
 * @returns The folder, and whether it was there.
 * @throws {UsageError} If it is no device that can be installed.
 * @throws {DeviceError} If it cannot be removed.
 */
export async function uninstallDevice(
  name: string,
): Promise<{ readonly folder: string; readonly wasThere: boolean }> {
  const installer = await installerOf(name);
  const folder = cacheFolder("devices", installer.folder);
  using _lock = await lockDevice(folder, { name });
  const wasThere = await recoverFolder(folder);
  try {
    if (wasThere) await Deno.remove(folder, { recursive: true });
  } catch (cause) {
    throw new DeviceError(
      cannot("uninstall", "device", name, {
        found: describeSystemFault(cause),
        remedy: `remove ${folder}`,
      }),
      { cause },
    );
  }
  return { folder, wasThere };
}
