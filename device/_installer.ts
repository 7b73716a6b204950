import type { LibraryInstaller } from "@unet/native";
import type { DeviceName } from "./device.ts";

/** How to get what one device needs; an entry of the table in `_installers.ts`. */
export interface DeviceInstaller extends LibraryInstaller {
  /** The device. */
  readonly name: DeviceName;
}
