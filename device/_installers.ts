import { cannot, UsageError } from "@unet/errors";
import type { DeviceInstaller } from "./_installer.ts";
import { onednnInstaller } from "./onednn/_installer.ts";
import { tensorflowInstaller } from "./tensorflow/_installer.ts";

/** Every device that can be installed. */
export const installers: readonly DeviceInstaller[] = [
  onednnInstaller,
  tensorflowInstaller,
];

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
      expected: installers.map(({ name }) => name).join(", "),
    }),
  );
}
