/**
 * The device `webgpu`: tfjs' WebGPU backend, for any GPU. Runs in a browser.
 *
 * @example
 * ```ts
 * import { webgpuDriver } from "@unet/device/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(webgpuDriver.name, "webgpu");
 * ```
 *
 * @module
 */
export { webgpuDriver } from "./webgpu_driver.ts";
export type { DeviceDriver, StartedDevice } from "../driver.ts";
