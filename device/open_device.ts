import { setBackend } from "@tensorflow/tfjs-core";
import { cannot, DeviceError } from "@unet/errors";
import { formatSpeed } from "./_format_speed.ts";
import {
  type Fault,
  handle,
  inTurn,
  release,
  type Running,
  running,
  tryDevice,
} from "./_running_devices.ts";
import { type Trial, tryApart } from "./_try_apart.ts";
import type { Device, DeviceName, PassedOver, Precision } from "./device.ts";
import { driverOf, drivers } from "./devices.ts";
import type { DeviceDriver } from "./driver.ts";
import { openDriver, type OpenDriverOptions } from "./open_driver.ts";

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
  if (name !== "auto") return await openDriver(driverOf(name), options);
  return await inTurn(() => openFastest(precision, timeLimit));
}

async function openFastest(
  precision: Precision | undefined,
  timeLimit: number,
): Promise<Device> {
  const passedOver: PassedOver[] = [];
  let best: Running | null = null;
  for (const driver of drivers) {
    const device = await tryByItself(driver, precision, timeLimit);
    if ("fault" in device) {
      passedOver.push({ name: driver.name, reason: device.fault });
      continue;
    }
    const slower: Running | null = best && best.gflops < device.gflops
      ? best
      : best && device;
    if (slower !== device) best = device;
    if (!slower) continue;
    const reason = `slower, ${formatSpeed(slower.gflops)}`;
    passedOver.push({ name: slower.name, reason });
    await release(slower);
  }
  if (!best) {
    const faults = passedOver.map(({ name, reason }) => `${name}: ${reason}`);
    throw new DeviceError(
      cannot("open", "device", "auto", {
        found: `none that works (${faults.join("; ")})`,
      }),
    );
  }
  // The current backend is the last one tried, which may be closed by now.
  await setBackend(best.name);
  return handle(best, passedOver);
}

/** Opens a device that nobody asked for, or tells why not. */
async function tryByItself(
  driver: DeviceDriver,
  precision: Precision | undefined,
  timeLimit: number,
): Promise<Running | Fault> {
  const { name, isNative } = driver;
  if (!running.has(name)) {
    const fault = isNative
      ? await tryApart({ name, precision }, timeLimit)
      : await driver.probe() ?? await driver.whyNotByItself?.() ?? null;
    if (fault !== null) return { fault };
  }
  return await tryDevice(driver, precision, timeLimit);
}

/** Opens a device and closes it again, and tells why it does not open. */
export function whyNotOpen(
  { name, precision }: Trial,
): Promise<string | null> {
  return inTurn(async () => {
    const device = await tryDevice(driverOf(name), precision);
    if ("fault" in device) return device.fault;
    await release(device);
    return null;
  });
}
