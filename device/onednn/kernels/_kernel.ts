import type {
  KernelConfig,
  NamedAttrMap,
  NamedTensorInfoMap,
  TensorInfo,
} from "@tensorflow/tfjs-core";
import type { Fallback } from "../_fallback.ts";
import type { Machine } from "../_machine.ts";

/** What a kernel is called with. */
export interface Call {
  /** The tensors, by name. */
  readonly inputs: Record<string, TensorInfo>;
  /** What else is said. */
  readonly attrs: Record<string, unknown>;
}

/**
 * A kernel on oneDNN. It may return null: this call is none that it can
 * compute, and goes by way of tfjs' cpu kernel.
 */
export interface Kernel {
  /** tfjs' name, or one of the fused kernels'. */
  readonly name: string;
  /** Computes. */
  run(machine: Machine, call: Call): TensorInfo | TensorInfo[] | null;
}

/** A kernel as tfjs registers it. */
export function registered(
  kernel: Kernel,
  machine: Machine,
  fallback: Fallback,
): KernelConfig {
  return {
    kernelName: kernel.name,
    backendName: "onednn",
    kernelFunc({ inputs, attrs }) {
      const call = {
        inputs: inputs as Record<string, TensorInfo>,
        attrs: (attrs ?? {}) as unknown as Record<string, unknown>,
      };
      return machine.trace.kernel(
        kernel.name,
        () => kernel.run(machine, call),
        () => fallback.run(kernel.name, inputs, attrs),
      );
    },
  };
}

/** A kernel that tfjs' cpu backend computes. */
export function borrowed(
  name: string,
  machine: Machine,
  fallback: Fallback,
): KernelConfig {
  return {
    kernelName: name,
    backendName: "onednn",
    kernelFunc: ({ inputs, attrs }) =>
      machine.trace.kernel(
        name,
        () => null,
        () =>
          fallback.run(
            name,
            inputs as NamedTensorInfoMap,
            attrs as NamedAttrMap,
          ),
      ),
  };
}
