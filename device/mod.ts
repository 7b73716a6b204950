/**
 * Opens a compute device, makes tfjs compute on it, and describes it.
 *
 * `openDevice("auto")` takes the fastest device that computes a small
 * convolution and its gradients correctly. A device requested by name that does
 * not work is an error.
 *
 * @example
 * ```ts
 * import { openDevice } from "@unet/device";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDevice("auto");
 * const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 1]));
 * assertEquals([...await product.data()], [3, 3]);
 * await device.close();
 * ```
 *
 * @module
 */
export type {
  Device,
  DeviceFacts,
  DeviceName,
  DeviceThreads,
  DeviceTrace,
  PassedOver,
  Precision,
  TraceReport,
  TraceRow,
} from "./device.ts";
export { describeChoice } from "./describe_choice.ts";
export { devices } from "./devices.ts";
export {
  installDevice,
  type InstalledDevice,
  type InstallOptions,
  type InstallProgress,
  uninstallDevice,
} from "./install_device.ts";
export { type DeviceReport, listDevices } from "./list_devices.ts";
export {
  installableDevices,
  type InstallOffer,
  offerInstall,
} from "./offer_install.ts";
export { openDevice, type OpenDeviceOptions } from "./open_device.ts";
export { rememberedDevice } from "./remembered_device.ts";
export { requiredKernels } from "./required_kernels.ts";
