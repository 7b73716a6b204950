import { cannot, DeviceError, UsageError } from "@unet/errors";
import { cpuDriver } from "./cpu/cpu_driver.ts";
import type { DeviceName } from "./device.ts";
import type { DeviceDriver } from "./driver.ts";
import { onednnDriver } from "./onednn/onednn_driver.ts";
import { wasmDriver } from "./wasm/wasm_driver.ts";

/** Every device there is, in the order of the table that people see. */
export const drivers: readonly DeviceDriver[] = [
  onednnDriver,
  wasmDriver,
  cpuDriver,
];

/** The names of the devices there are. */
export const devices: readonly DeviceName[] = drivers.map(({ name }) => name);

/** Names that are spoken for, so that asking for one gets a fitting answer. */
const reserved: readonly DeviceName[] = ["tensorflow", "webgpu"];

/**
 * The driver of a device.
 *
 * @throws {DeviceError} If the device comes in a later version.
 * @throws {UsageError} If there is no device of that name.
 */
export function driverOf(name: string): DeviceDriver {
  const driver = drivers.find((driver) => driver.name === name);
  if (driver) return driver;
  if ((reserved as readonly string[]).includes(name)) {
    throw new DeviceError(
      cannot("open", "device", name, {
        found: "a device that is not part of this version yet",
        remedy: "use wasm",
      }),
    );
  }
  throw new UsageError(
    cannot("open", "device", name, {
      found: "no device of that name",
      expected: ["auto", ...devices].join(", "),
    }),
  );
}
