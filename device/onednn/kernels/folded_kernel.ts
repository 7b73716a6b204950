import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import type { Kernel } from "./_kernel.ts";

/**
 * A kernel times a factor for each output, computed whenever somebody reads it:
 * a convolution does so once, to arrange it in its own way.
 */
export const foldedKernel: Kernel = {
  name: fusedKernels.foldedKernel,
  run({ backend }, { inputs }) {
    const { kernel, factor } = inputs as Record<
      "kernel" | "factor",
      TensorInfo
    >;
    const factors = Float32Array.from(
      backend.readSync(factor.dataId) as Float32Array,
    );
    return backend.adoptLazily(kernel.shape, (to) => {
      const values = backend.readSync(kernel.dataId) as Float32Array;
      const outputs = factors.length;
      for (let at = 0; at < to.length; at += outputs) {
        for (let output = 0; output < outputs; output++) {
          to[at + output] = values[at + output]! * factors[output]!;
        }
      }
    });
  },
};
