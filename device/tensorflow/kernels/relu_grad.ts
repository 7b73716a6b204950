import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import { kernel } from "../_kernel.ts";
import type { Machine } from "../_machine.ts";
import { cutGradient } from "./_convolution.ts";

/** dy where y > 0, else 0. */
export function reluGrad(machine: Machine): KernelConfig {
  return kernel(machine, fusedKernels.reluGrad, (run, inputs) => {
    const { dy, y } = inputs as Record<"dy" | "y", TensorInfo>;
    const type = machine.typeOf(y);
    return cutGradient(run, run.input(dy, type), run.input(y, type));
  });
}
