import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import { cpuKernel } from "../_kernel.ts";

/** The gradient of repeating pixels: the sum over those that repeat one. */
export function upNearestGrad(): KernelConfig {
  return cpuKernel(fusedKernels.upNearestGrad, ({ inputs, floats, output }) => {
    const { dy } = inputs as Record<"dy", TensorInfo>;
    const [count, height, width, channels] = dy.shape as [
      number,
      number,
      number,
      number,
    ];
    const slopes = floats(dy), pitch = width / 2 * channels;
    const out = new Float32Array(slopes.length / 4);
    let from = 0;
    for (let line = 0; line < count * height; line++) {
      const start = (line >> 1) * pitch;
      for (let to = start; to < start + pitch; to += channels) {
        for (let copy = 0; copy < 2; copy++) {
          for (let c = 0; c < channels; c++) out[to + c]! += slopes[from++]!;
        }
      }
    }
    return output([count, height / 2, width / 2, channels], out);
  });
}
