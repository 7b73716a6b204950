/**
 * The device that an earlier start of `auto` chose.
 *
 * @module
 */
import { preferredOf } from "./_is_preferred.ts";
import { recallDevices } from "./_remembered_devices.ts";
import type { DeviceName, Precision } from "./device.ts";

/**
 * Which device `auto` takes if it still computes right numbers, as an earlier
 * start found on this machine; no device is opened.
 *
 * @param precision What is computed with; float32 by default.
 * @returns Its name, or null where `auto` has to try them.
 *
 * @example
 * ```ts
 * import { openDevice, rememberedDevice } from "@unet/device";
 * import { assertEquals } from "@std/assert";
 *
 * const name = await rememberedDevice();
 * if (name !== null) {
 *   const device = await openDevice("auto");
 *   assertEquals(device.name, name);
 *   await device.close();
 * }
 * ```
 */
export async function rememberedDevice(
  precision?: Precision,
): Promise<DeviceName | null> {
  const known = await recallDevices(precision);
  if (!known) return null;
  return preferredOf(known.measured).name as DeviceName;
}
