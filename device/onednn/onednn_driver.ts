import {
  registerBackend,
  registerKernel,
  removeBackend,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { cannot, DeviceError } from "@unet/errors";
import { loadBackend } from "../_load_backend.ts";
import type { DeviceDriver } from "../driver.ts";
import { Fallback } from "./_fallback.ts";
import { Machine } from "./_machine.ts";
import { findOnednn, onednnTraces, whyNoOnednn } from "./find_library.ts";
import { kernels, planesKernels } from "./kernels.ts";
import { borrowed, registered } from "./kernels/_kernel.ts";

/** The release whose convolutions are the fastest, Winograd's among them. */
const fastest = "3.1.";

/**
 * Intel's oneDNN, called through Deno's FFI: the fast device on a processor
 * with AVX-512. Kernels that it lacks go by way of tfjs' cpu kernels.
 */
export const onednnDriver: DeviceDriver = {
  name: "onednn",
  precisions: ["float32", "mixed"],
  probe: () => whyNoOnednn(),
  traces: () => Promise.resolve(onednnTraces()),
  async start(precision) {
    const found = (await findOnednn())!;
    const machine = new Machine(found.path, {
      precision,
      winograd: Deno.env.get("UNET_ONEDNN_WINOGRAD") !== "off",
      memoryLimit: memoryLimit(),
    });
    const { library, backend } = machine;
    if (precision === "mixed" && !/bf16|AMX/.test(library.instructions)) {
      machine.close();
      throw new Error(
        `${library.instructions} without bfloat16, where mixed precision ` +
          "gains nothing",
      );
    }
    const { make } = await loadBackend(
      "cpu",
      () => import("@tensorflow/tfjs-backend-cpu"),
    );
    const cpu = await make();
    // Else it prints an advertisement for another backend at its first use.
    Object.assign(cpu, { firstUse: false });
    const fallback = new Fallback(backend, cpu);
    const ours = [...kernels, ...machine.planes ? planesKernels : []];
    const own = new Set(ours.map(({ name }) => name));
    const configs = [
      ...ours.map((kernel) => registered(kernel, machine, fallback)),
      ...fallback.names.filter((name) => !own.has(name))
        .map((name) => borrowed(name, machine, fallback)),
    ];
    configs.forEach(registerKernel);
    registerBackend("onednn", () => backend);
    const slower = library.version.startsWith(fastest)
      ? ""
      : ", slower than 3.1: without Winograd's convolutions";
    return {
      version: `oneDNN ${library.version}${slower}`,
      hardware: `processor with ${library.instructions} (${Deno.build.arch})`,
      trace: machine.trace,
      ...(machine.threads && { threads: machine.threads }),
      stop() {
        removeBackend("onednn");
        for (const { kernelName, backendName } of configs) {
          unregisterKernel(kernelName, backendName);
        }
        machine.close();
      },
    };
  },
};

/** The limit of native memory that the person sets, in bytes. */
function memoryLimit(): number | undefined {
  const text = Deno.env.get("UNET_MEMORY");
  if (text === undefined || text === "") return undefined;
  const gibibytes = Number(text);
  if (gibibytes > 0 && gibibytes < Infinity) return gibibytes * 2 ** 30;
  throw new DeviceError(
    cannot("read", "variable", "UNET_MEMORY", {
      found: text,
      expected: "a number of GiB above 0",
    }),
  );
}
