/**
 * The program of the page that the tests open.
 *
 * @module
 */
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { DeviceDriver } from "@unet/device/open-driver";
import { wasmDriver } from "@unet/device/wasm";
import { webgpuDriver } from "@unet/device/webgpu";
import { mapClassesOn, segmentWith, trainOn } from "./jobs.ts";

setWasmPaths("/wasm/");

const drivers: Record<string, DeviceDriver> = {
  wasm: wasmDriver,
  webgpu: webgpuDriver,
};

Object.assign(globalThis, {
  /** Why a device does not start, or null. */
  probe: (name: string) => drivers[name]!.probe(),
  /** The mask of an image of red, green and blue, by the model at /model. */
  async segment(name: string, width: number, height: number, rgb: number[]) {
    const response = await fetch("/model");
    const model = new Uint8Array(await response.arrayBuffer());
    const data = Uint8Array.from(rgb);
    const image = { width, height, channels: 3, depth: 8, data } as const;
    return await segmentWith(drivers[name]!, model, image);
  },
  /** The class map of an image of red, green and blue. */
  mapClasses(name: string, width: number, height: number, rgb: number[]) {
    const data = Uint8Array.from(rgb);
    const image = { width, height, channels: 3, depth: 8, data } as const;
    return mapClassesOn(drivers[name]!, image);
  },
  /** The losses of three steps. */
  train: (name: string) => trainOn(drivers[name]!),
});
