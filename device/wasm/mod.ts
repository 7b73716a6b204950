/**
 * The device `wasm`: tfjs' WebAssembly backend with kernels of its own for training. Runs in a browser. A page sets
 * where the package's `.wasm` files lie with `setWasmPaths()` of
 * `@tensorflow/tfjs-backend-wasm` before it opens the device.
 *
 * @example
 * ```ts
 * import { wasmDriver } from "@unet/device/wasm";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wasmDriver.name, "wasm");
 * ```
 *
 * @module
 */
export { wasmDriver } from "./wasm_driver.ts";
export type { DeviceDriver, StartedDevice } from "../driver.ts";
