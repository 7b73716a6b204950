import {
  installLibrary,
  type InstallOptions,
  type InstallProgress,
  uninstallLibrary,
} from "@unet/native";
import type { DeviceName } from "./device.ts";
import { installerOf } from "./_installers.ts";

export type { InstallOptions, InstallProgress };

/** The result of {@linkcode installDevice}. */
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
  return {
    name: installer.name,
    ...await installLibrary(installer, options),
  };
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
  return await uninstallLibrary(await installerOf(name));
}
