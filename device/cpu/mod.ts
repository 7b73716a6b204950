/**
 * The device `cpu`: tfjs' plain JavaScript backend with kernels of its own for training. Runs in a browser.
 *
 * @example
 * ```ts
 * import { cpuDriver } from "@unet/device/cpu";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cpuDriver.name, "cpu");
 * ```
 *
 * @module
 */
export { cpuDriver } from "./cpu_driver.ts";
export type { DeviceDriver, StartedDevice } from "../driver.ts";
