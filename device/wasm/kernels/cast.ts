import {
  Cast,
  type CastAttrs,
  type KernelConfig,
  NotEqual,
  type TensorInfo,
  ZerosLike,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";

/**
 * Casts: tfjs' own, but for those to bool, where it cuts the fraction off
 * first and so takes 0.5 for false.
 */
export function cast(machine: Machine): KernelConfig {
  return {
    kernelName: Cast,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x } = inputs as Record<"x", TensorInfo>;
      const { dtype } = attrs as unknown as CastAttrs;
      if (dtype !== "bool" || x.dtype !== "float32") {
        return machine.stock(Cast, inputs, { ...attrs });
      }
      const zeros = machine.stock(ZerosLike, { x });
      const out = machine.stock(NotEqual, { a: x, b: zeros });
      machine.release(zeros);
      return out;
    },
  };
}
