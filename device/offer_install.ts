/**
 * What can be installed for a device. Fetches nothing.
 *
 * @module
 */
import { offerLibrary } from "@unet/native";
import type { DeviceName } from "./device.ts";
import { installableDevices, installerOf } from "./_installers.ts";

export { installableDevices };

/** The download that `installDevice()` would make. */
export interface InstallOffer {
  /** The device. */
  readonly name: DeviceName;
  /** What is fetched, as in "oneDNN 3.1". */
  readonly title: string;
  /** How many bytes are fetched. */
  readonly bytes: number;
  /** Whether the device finds what it needs already, from wherever. */
  readonly isFound: boolean;
  /** Why it cannot be installed here, and what to do; else empty. */
  readonly obstacle: string;
}

/**
 * Says what an installation would fetch, and whether it is needed and
 * possible. Nothing is fetched.
 *
 * @param name The device.
 * @returns What is known of it.
 * @throws {UsageError} If it is no device that can be installed.
 * @throws {DeviceError} If the environment names a library that is not there.
 *
 * @example
 * ```ts
 * import { offerInstall } from "@unet/device";
 * import { assertEquals } from "@std/assert";
 *
 * const { title, bytes } = await offerInstall("onednn");
 * assertEquals([title, bytes], ["oneDNN 3.1", 38_677_868]);
 * ```
 */
export async function offerInstall(name: string): Promise<InstallOffer> {
  const installer = await installerOf(name);
  return { ...await offerLibrary(installer), name: installer.name };
}
