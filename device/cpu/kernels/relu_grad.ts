import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import { cpuKernel } from "../_kernel.ts";
import { cut } from "./_cut.ts";

/** dy where y > 0, else 0. */
export function reluGrad(): KernelConfig {
  return cpuKernel(fusedKernels.reluGrad, ({ inputs, floats, output }) => {
    const { dy, y } = inputs as Record<"dy" | "y", TensorInfo>;
    return output(y.shape, cut(floats(dy), floats(y)));
  });
}
