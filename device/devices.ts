import { cannot, UsageError } from "@unet/errors";
import { cpuDriver } from "./cpu/cpu_driver.ts";
import type { DeviceName } from "./device.ts";
import type { DeviceDriver } from "./driver.ts";
import { onednnDriver } from "./onednn/onednn_driver.ts";
import { tensorflowDriver } from "./tensorflow/tensorflow_driver.ts";
import { wasmDriver } from "./wasm/wasm_driver.ts";
import { webgpuDriver } from "./webgpu/webgpu_driver.ts";

/** Every device there is, in the order of the table that people see. */
export const drivers: readonly DeviceDriver[] = [
  tensorflowDriver,
  onednnDriver,
  webgpuDriver,
  wasmDriver,
  cpuDriver,
];

/** The names of the devices there are. */
export const devices: readonly DeviceName[] = drivers.map(({ name }) => name);

/**
 * The driver of a device.
 *
 * @throws {UsageError} If there is no device of that name.
 */
export function driverOf(name: string): DeviceDriver {
  const driver = drivers.find((driver) => driver.name === name);
  if (driver) return driver;
  throw new UsageError(
    cannot("open", "device", name, {
      found: "no device of that name",
      expected: ["auto", ...devices].join(", "),
    }),
  );
}
