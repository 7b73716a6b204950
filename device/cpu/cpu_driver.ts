import { registerBackend, removeBackend } from "@tensorflow/tfjs-core";
import { architecture } from "../_architecture.ts";
import { loadBackend } from "../_load_backend.ts";
import { replaceKernels } from "../_replace_kernels.ts";
import type { DeviceDriver } from "../driver.ts";
import { kernels } from "./kernels.ts";

/**
 * tfjs' backend in plain JavaScript, with kernels of ours in the place of
 * those that training spends its time in. It needs nothing but a processor.
 */
export const cpuDriver: DeviceDriver = {
  name: "cpu",
  precisions: ["float32"],
  probe: () => Promise.resolve(null),
  async start() {
    const { module, make } = await loadBackend(
      "cpu",
      () => import("@tensorflow/tfjs-backend-cpu"),
    );
    const backend = await make();
    // Else it prints an advertisement for another backend at its first use.
    Object.assign(backend, { firstUse: false });
    const restore = replaceKernels(kernels.map((kernel) => kernel()));
    registerBackend("cpu", () => backend);
    return {
      version: `tfjs-backend-cpu ${module.version_cpu}`,
      hardware: `JavaScript on one core (${architecture})`,
      stop() {
        removeBackend("cpu");
        restore();
      },
    };
  },
};
