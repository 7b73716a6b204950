/**
 * Opens a device whose driver the caller has. Runs in a browser.
 *
 * @module
 */
import { openOne } from "./_open_one.ts";
import type { Device, Precision } from "./device.ts";
import type { DeviceDriver } from "./driver.ts";

export type { Device, DeviceDriver, Precision };

/** How {@linkcode openDriver} opens. */
export interface OpenDriverOptions {
  /** What to compute with; the driver's first precision by default. */
  precision?: Precision | undefined;
}

/**
 * Opens one device and makes tfjs compute on it, as `openDevice()` does by
 * name. A program that knows its devices, such as a web page, loads only their
 * drivers.
 *
 * @param driver The device's driver, as `wasmDriver` of `@unet/device/wasm`.
 * @param options What to compute with.
 * @returns The open device; the caller closes it.
 * @throws {DeviceError} If the device cannot be started, computes wrong
 * numbers or lacks the precision; no other is opened in its place.
 *
 * @example
 * ```ts
 * import { openDriver } from "@unet/device/open-driver";
 * import { wasmDriver } from "@unet/device/wasm";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDriver(wasmDriver);
 * assertEquals([...await tf.add(1, 2).data()], [3]);
 * await device.close();
 * ```
 */
export function openDriver(
  driver: DeviceDriver,
  { precision }: OpenDriverOptions = {},
): Promise<Device> {
  return openOne(driver, { precision });
}
