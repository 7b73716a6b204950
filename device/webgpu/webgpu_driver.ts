import { registerBackend, removeBackend } from "@tensorflow/tfjs-core";
import { loadBackend } from "../_load_backend.ts";
import { replaceKernels } from "../_replace_kernels.ts";
import type { DeviceDriver } from "../driver.ts";
import { findAdapter, isSoftware } from "./_find_adapter.ts";
import { maxPoolGrad } from "./kernels/max_pool_grad.ts";
import { sum } from "./kernels/sum.ts";

/** What tfjs' shaders use as far as the GPU has it. */
const limits = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** Where Linux notes the graphics drivers that were installed. */
const driverLists = [
  "/etc/vulkan/icd.d",
  "/usr/share/vulkan/icd.d",
  "/etc/ld.so.cache",
];

/**
 * tfjs' WebGPU backend on the WebGPU of Deno: any GPU, without set-up. A
 * software adapter, a program that acts as a GPU, is slower than `wasm` and
 * serves tests: it is opened by name alone.
 *
 * It is not tried in a worker: graphics drivers are unloaded with the thread
 * that asked for them, and some crash then.
 */
export const webgpuDriver: DeviceDriver = {
  name: "webgpu",
  precisions: ["float32"],
  async probe() {
    return await findAdapter() ? null : "no GPU that Deno's WebGPU finds";
  },
  async whyNotByItself() {
    const info = (await findAdapter())?.info;
    if (!info || !isSoftware(info)) return null;
    return `a software adapter, ${info.description}; \`device webgpu\` takes it`;
  },
  traces: () => Promise.resolve(driverLists),
  async start() {
    const adapter = await findAdapter();
    if (!adapter) throw new Error("no GPU that Deno's WebGPU finds");
    const { module } = await loadBackend(
      "webgpu",
      () => import("@tensorflow/tfjs-backend-webgpu"),
    );
    const requiredLimits = Object.fromEntries(
      limits.map((name) => [name, adapter.limits[name]]),
    );
    const device = await adapter.requestDevice({ requiredLimits });
    const { WebGPUBackend } = module;
    const backend = new WebGPUBackend(device, adapter.info);
    const restore = replaceKernels([maxPoolGrad(), sum()]);
    registerBackend("webgpu", () => backend);
    const { description, vendor } = adapter.info;
    return {
      version: `tfjs-backend-webgpu ${version}`,
      hardware: description || vendor || "a GPU without a name",
      stop() {
        removeBackend("webgpu");
        restore();
        device.destroy();
      },
    };
  },
};

/** The package has no version of its own. */
const version = "4.22.0";
