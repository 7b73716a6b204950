import { registerBackend, removeBackend } from "@tensorflow/tfjs-core";
import { loadBackend } from "../_load_backend.ts";
import { quietly } from "../_quietly.ts";
import { replaceKernels } from "../_replace_kernels.ts";
import type { Precision } from "../device.ts";
import type { DeviceDriver } from "../driver.ts";
import { loadBackendClass } from "./_load_backend_class.ts";
import { createMachine, widenForOthers } from "./_machine.ts";
import { measureBfloat16 } from "./_measure_bfloat16.ts";
import { type Binding, createBinding } from "./binding.ts";
import { findLibrary, libraryTraces } from "./find_library.ts";
import { kernels } from "./kernels.ts";

/**
 * TensorFlow's own kernels on CPU and NVIDIA GPUs: tfjs-node's JavaScript
 * over TensorFlow's C library, with the fused kernels of this module.
 */
export const tensorflowDriver: DeviceDriver = {
  name: "tensorflow",
  precisions: ["float32", "mixed"],
  isNative: true,
  async probe() {
    const { path, source } = await findLibrary();
    return path ? null : source;
  },
  traces: libraryTraces,
  async start(precision) {
    const { path, source } = await findLibrary();
    if (!path) throw new Error(source);
    const options = { threads: threadsAskedFor() };
    const isLogWanted = Deno.env.get("TF_CPP_MIN_LOG_LEVEL") !== undefined;
    const binding = isLogWanted
      ? createBinding(path, options)
      : quietly(() => createBinding(path, options));
    try {
      refuseMixed(precision, binding);
      const { module: NodeBackend } = await loadBackend(
        "cpu",
        loadBackendClass,
      );
      const backend = new NodeBackend(binding, "@tensorflow/tfjs-node-gpu");
      widenForOthers(backend);
      const machine = createMachine(backend, precision);
      const restore = replaceKernels(kernels.map((make) => make(machine)));
      registerBackend("tensorflow", () => backend);
      return {
        version: `TensorFlow ${binding.TF_Version} (${source})`,
        hardware: describeHardware(binding),
        stop() {
          removeBackend("tensorflow");
          restore();
          binding.close();
        },
      };
    } catch (cause) {
      binding.close();
      throw cause;
    }
  },
};

function threadsAskedFor(): number | undefined {
  const name = "UNET_TENSORFLOW_THREADS";
  const value = Deno.env.get(name);
  if (!value) return undefined;
  const threads = Number(value);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) {
    return threads;
  }
  throw new Error(
    `${name} of "${value}", expected a whole number from 1 to 1024`,
  );
}

/** The first release whose convolutions in bfloat16 were checked. */
const firstMixed = { major: 2, minor: 16 };

/** Refuses mixed precision where it is wrong or gains nothing. */
function refuseMixed(precision: Precision, binding: Binding): void {
  if (precision !== "mixed") return;
  const [major = 0, minor = 0] = binding.TF_Version.split(".").map(Number);
  if (major === firstMixed.major && minor < firstMixed.minor) {
    throw new Error(
      `TensorFlow ${binding.TF_Version}, some of whose gradients in bfloat16 ` +
        `are wrong, expected ${firstMixed.major}.${firstMixed.minor} or later`,
    );
  }
  const gain = measureBfloat16(binding);
  if (gain > 1) return;
  throw new Error(
    `hardware where bfloat16 has ${gain.toFixed(1)} times the speed; use ` +
      "`precision float32`",
  );
}

function describeHardware({ devices }: Binding): string {
  const gpus = devices.filter(({ type }) => type === "GPU");
  if (gpus.length === 0) return `CPU (${Deno.build.arch})`;
  const name = /device:(.*)$/.exec(gpus[0]!.name)?.[1] ?? gpus[0]!.name;
  return `NVIDIA ${name}`;
}
