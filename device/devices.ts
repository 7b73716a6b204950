import { cannot, UsageError } from "@unet/errors";
import type { DeviceName } from "./device.ts";
import type { DeviceDriver } from "./driver.ts";

/**
 * Where each driver is, in the order of the table that people see; a driver is
 * loaded when its device is asked for, with the kernels that it brings.
 */
const loaders = {
  tensorflow: async () =>
    (await import("./tensorflow/tensorflow_driver.ts")).tensorflowDriver,
  onednn: async () => (await import("./onednn/onednn_driver.ts")).onednnDriver,
  webgpu: async () => (await import("./webgpu/webgpu_driver.ts")).webgpuDriver,
  wasm: async () => (await import("./wasm/wasm_driver.ts")).wasmDriver,
  cpu: async () => (await import("./cpu/cpu_driver.ts")).cpuDriver,
} satisfies Record<DeviceName, () => Promise<DeviceDriver>>;

/** The names of the devices there are. */
export const devices: readonly DeviceName[] = Object.keys(
  loaders,
) as DeviceName[];

/**
 * Loads the driver of a device.
 *
 * @throws {UsageError} If there is no device of that name.
 */
export async function driverOf(name: string): Promise<DeviceDriver> {
  if (Object.hasOwn(loaders, name)) return await loaders[name as DeviceName]();
  throw new UsageError(
    cannot("open", "device", name, {
      found: "no device of that name",
      expected: ["auto", ...devices].join(", "),
    }),
  );
}
