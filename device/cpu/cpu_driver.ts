import { registerBackend, removeBackend } from "@tensorflow/tfjs-core";
import { loadBackend } from "../_load_backend.ts";
import type { DeviceDriver } from "../driver.ts";

/**
 * tfjs' backend in plain JavaScript. It has every kernel, and is slow: good
 * for judging the others.
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
    registerBackend("cpu", () => backend);
    return {
      version: `tfjs-backend-cpu ${module.version_cpu}`,
      hardware: `JavaScript on one core (${Deno.build.arch})`,
      stop: () => removeBackend("cpu"),
    };
  },
};
