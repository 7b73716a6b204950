import { cannot, DeviceError } from "@unet/errors";
import {
  handle,
  inTurn,
  tryDevice,
  type TryOptions,
} from "./_running_devices.ts";
import type { Device } from "./device.ts";
import type { DeviceDriver } from "./driver.ts";

/**
 * Opens one device.
 *
 * @throws {DeviceError} If it does not open.
 */
export function openOne(
  driver: DeviceDriver,
  options: TryOptions = {},
): Promise<Device> {
  return inTurn(async () => {
    const device = await tryDevice(driver, options);
    if (!("fault" in device)) return handle(device);
    const { fault: found, remedy, cause } = device;
    throw new DeviceError(
      cannot(
        "open",
        "device",
        driver.name,
        remedy ? { found, remedy } : { found },
      ),
      { cause },
    );
  });
}
