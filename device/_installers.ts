import { cannot, UsageError } from "@unet/errors";
import type { DeviceInstaller } from "./_installer.ts";
import type { DeviceName } from "./device.ts";

/** Where the installer of each device is that can be installed. */
const loaders = {
  onednn: async () => (await import("./onednn/_installer.ts")).onednnInstaller,
  tensorflow: async () =>
    (await import("./tensorflow/_installer.ts")).tensorflowInstaller,
} satisfies Partial<Record<DeviceName, () => Promise<DeviceInstaller>>>;

/** The names of the devices that `installDevice()` can get. */
export const installableDevices: readonly DeviceName[] = Object.keys(
  loaders,
) as DeviceName[];

/**
 * Loads the installer of a device.
 *
 * @throws {UsageError} If it is no device that can be installed.
 */
export async function installerOf(name: string): Promise<DeviceInstaller> {
  if (Object.hasOwn(loaders, name)) {
    return await loaders[name as keyof typeof loaders]();
  }
  throw new UsageError(
    cannot("install", "device", name, {
      found: "no device that can be installed",
      expected: installableDevices.join(", "),
    }),
  );
}
