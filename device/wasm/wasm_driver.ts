import {
  env,
  findBackendFactory,
  type KernelBackend,
  registerBackend,
  removeBackend,
} from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { architecture } from "../_architecture.ts";
import { loadBackend } from "../_load_backend.ts";
import { replaceKernels } from "../_replace_kernels.ts";
import type { DeviceDriver } from "../driver.ts";
import { assemble } from "./_assembler.ts";
import { createMachine } from "./_machine.ts";
import { functions, kernels } from "./kernels.ts";

/**
 * tfjs' WebAssembly backend, with kernels of ours in the place of those that
 * it lacks or that are slow. It needs no set-up and uses one core: threads of
 * the backend do not start on Deno.
 */
export const wasmDriver: DeviceDriver = {
  name: "wasm",
  precisions: ["float32"],
  probe() {
    const able = WebAssembly.validate(assemble(functions));
    return Promise.resolve(able ? null : "no relaxed SIMD in this runtime");
  },
  async start() {
    const { module, make } = await loadBackend(
      "wasm",
      () => import("@tensorflow/tfjs-backend-wasm"),
    );
    // A page that is cross-origin isolated would get the build with threads,
    // whose memory our kernels are not compiled for.
    env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    const backend = await withoutHandlers(make).catch((cause) => {
      // What Emscripten says speaks of web servers.
      const found = "a package whose .wasm file cannot be read (--allow-read)";
      throw new Error(found, { cause });
    }) as BackendWasm;
    const machine = await createMachine(backend, functions);
    const restore = replaceKernels(kernels.map((kernel) => kernel(machine)));
    // A program that imported the package before, as a page does to set its
    // paths, has registered a backend that our kernels are not bound to.
    if (findBackendFactory("wasm")) removeBackend("wasm");
    registerBackend("wasm", () => backend as KernelBackend);
    return {
      version: `tfjs-backend-wasm ${module.version_wasm}`,
      hardware: `WebAssembly SIMD on one core (${architecture})`,
      stop() {
        removeBackend("wasm");
        restore();
      },
    };
  },
};

/** The part of Node's process that Emscripten meets on servers. */
interface Emitter {
  listeners(event: string): unknown[];
  removeListener(event: string, listener: unknown): void;
}

/**
 * Runs Emscripten's start-up, and takes away the handlers that it sets on the
 * whole process for exceptions that nobody caught. A page has no process.
 */
async function withoutHandlers<T>(start: () => T | Promise<T>): Promise<T> {
  const { process: emitter } = globalThis as { process?: Emitter };
  if (!emitter) return await start();
  const events = ["uncaughtException", "unhandledRejection"];
  const before = events.map((event) => emitter.listeners(event));
  try {
    return await start();
  } finally {
    events.forEach((event, i) => {
      for (const listener of emitter.listeners(event)) {
        if (before[i]!.includes(listener)) continue;
        emitter.removeListener(event, listener);
      }
    });
  }
}
