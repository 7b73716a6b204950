import { cannot, UsageError } from "@unet/errors";
import type { DeviceName } from "./device.ts";
import type { DeviceInstaller } from "./_installer.ts";
import { onednnInstaller } from "./onednn/_installer.ts";

/** Every device that can be installed. */
const installers: readonly DeviceInstaller[] = [onednnInstaller];

/** The names of the devices that `installDevice()` can get. */
export const installableDevices: readonly DeviceName[] = installers.map((
  { name },
) => name);

/**
 * The installer of a device.
 *
 * @throws {UsageError} If it is no device that can be installed.
 */
export function installerOf(name: string): DeviceInstaller {
  const installer = installers.find((installer) => installer.name === name);
  if (installer) return installer;
  throw new UsageError(
    cannot("install", "device", name, {
      found: "no device that can be installed",
      expected: installableDevices.join(", "),
    }),
  );
}
