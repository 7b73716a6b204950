/**
 * Opens a device by its name, or the fastest.
 *
 * @module
 */
import { openFastest } from "./_open_fastest.ts";
import { openOne } from "./_open_one.ts";
import { recallDevices } from "./_remembered_devices.ts";
import { inTurn } from "./_running_devices.ts";
import type { Device, DeviceName } from "./device.ts";
import { devices, driverOf } from "./devices.ts";
import type { OpenDriverOptions } from "./open_driver.ts";

export type { Device, DeviceName };

/** How {@linkcode openDevice} opens. */
export interface OpenDeviceOptions extends OpenDriverOptions {
  /**
   * Seconds that `auto` gives each device to start and compute a little;
   * default: 30.
   */
  timeLimit?: number | undefined;
}

/**
 * Opens a device and makes tfjs compute on it, from then on and everywhere in
 * the program. First a small convolution and batch norm and their gradients
 * are computed and compared with known numbers. tfjs' gradients are registered as well, so
 * that a loss written in tfjs' functions trains.
 *
 * `auto` tries devices of native code in a worker first, since such code may
 * hang. If one does, the worker stays, and the program must end with
 * `Deno.exit()`.
 *
 * @param name A device, or `auto` for the fastest of those that pass.
 * @param options What to compute with.
 * @returns The open device; the caller closes it.
 * @throws {UsageError} If there is no device of that name.
 * @throws {DeviceError} If the device cannot be started, computes wrong
 * numbers or lacks the precision; no other is taken in its place.
 *
 * @example
 * ```ts
 * import { openDevice } from "@unet/device";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDevice("wasm");
 * const sum = tf.add(tf.scalar(1), tf.scalar(2));
 * assertEquals([...await sum.data()], [3]);
 * await device.close();
 * ```
 */
export async function openDevice(
  name: DeviceName | "auto" | (string & Record<never, never>),
  options: OpenDeviceOptions = {},
): Promise<Device> {
  const { precision, timeLimit = 30 } = options;
  if (name === "auto") {
    const choice = { names: devices, driverOf, precision, timeLimit };
    return await inTurn(() => openFastest(choice));
  }
  const driver = await driverOf(name);
  const known = await recallDevices(precision);
  const gflops = known?.measured.find((each) => each.name === name)?.gflops;
  return await openOne(driver, { precision, gflops });
}
