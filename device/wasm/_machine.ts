import {
  type Attribute,
  getKernelsForBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { cannot, DeviceError } from "@unet/errors";
import { assemble, type WasmFunction } from "./_assembler.ts";

/** A function of this folder, compiled. */
export type Compiled = (...args: number[]) => void;

/** What a kernel of this folder works with: tfjs' memory and our code on it. */
export interface Machine {
  /** Our compiled functions, by name. */
  code(name: string): Compiled;
  /** Where a tensor lies, in bytes. */
  address(tensor: TensorInfo): number;
  /** The whole memory as floats, good until the next allocation. */
  heap(): Float32Array;
  /** A new float32 tensor, its content undefined. */
  output(shape: number[]): TensorInfo;
  /** Gives back a tensor that was only needed in between. */
  release(tensor: TensorInfo): void;
  /** Lends memory for as long as `use` runs. */
  scratch<T>(floats: number, use: (address: number) => T): T;
  /** Runs the kernel of that name that tfjs brought. */
  stock(
    name: string,
    inputs: NamedTensorInfoMap,
    attrs?: Record<string, unknown>,
  ): TensorInfo;
}

/** The part of Emscripten's module object that is needed here. */
interface TfjsModule {
  asm: { memory: WebAssembly.Memory };
  HEAPF32: Float32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Compiles our functions onto the memory of tfjs' backend. */
export async function createMachine(
  backend: BackendWasm,
  functions: readonly WasmFunction[],
): Promise<Machine> {
  const module = backend.wasm as unknown as TfjsModule;
  refuseWhenFull(module);
  const { instance } = await WebAssembly.instantiate(assemble(functions), {
    env: { memory: module.asm.memory },
  });
  // Kept and set up now, since ours take their places under the same names.
  const stock = new Map(
    getKernelsForBackend("wasm").map((kernel) => [kernel.kernelName, kernel]),
  );
  for (const { setupFunc } of stock.values()) setupFunc?.(backend);
  const address = (tensor: TensorInfo) =>
    backend.getMemoryOffset(tensor.dataId) >>> 0;
  return {
    code(name) {
      const compiled = instance.exports[name];
      if (typeof compiled !== "function") {
        throw new RangeError(
          cannot("call", "function", name, { found: "none of that name" }),
        );
      }
      return compiled as Compiled;
    },
    address,
    heap: () => module.HEAPF32,
    output: (shape) => backend.makeOutput(shape, "float32"),
    release: (tensor) => void backend.disposeData(tensor.dataId),
    scratch(floats, use) {
      const start = module._malloc(floats * 4) >>> 0;
      try {
        return use(start);
      } finally {
        module._free(start);
      }
    },
    stock(name, inputs, attrs = {}) {
      const kernel = stock.get(name);
      if (!kernel) {
        throw new RangeError(
          cannot("call", "kernel", name, { found: "none of that name" }),
        );
      }
      return kernel.kernelFunc({
        inputs,
        attrs: attrs as Record<string, Attribute> as NamedAttrMap,
        backend,
      }) as TensorInfo;
    },
  };
}

// malloc's null would be taken for an address and its place overwritten.
function refuseWhenFull(module: TfjsModule): void {
  // Emscripten's first call puts the real function in its own place.
  module._free(module._malloc(4));
  const allocate = module._malloc;
  module._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0) {
      throw new DeviceError(
        cannot("allocate", "tensor on device", "wasm", {
          found: `no room for ${Math.ceil(bytes / 2 ** 20)} MiB in its 4 GiB`,
          remedy: "use a smaller batch, a smaller tile or a narrower model",
        }),
      );
    }
    return address;
  };
}
