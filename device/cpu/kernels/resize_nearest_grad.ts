import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";

/**
 * The gradient of repeating pixels: the sum over those that repeat one. tfjs'
 * own finds the second image of a batch by the wrong strides, so ours is taken
 * wherever each pixel is repeated equally often.
 */
export function resizeNearestGrad(): KernelConfig {
  return cpuKernel(
    "ResizeNearestNeighborGrad",
    ({ inputs, attrs, floats, output, stock }) => {
      const { images, dy } = inputs as Record<"images" | "dy", TensorInfo>;
      const [, height, width, channels] = images.shape as [
        number,
        number,
        number,
        number,
      ];
      const down = dy.shape[1]! / height, right = dy.shape[2]! / width;
      const isRepeated = Number.isInteger(down) && Number.isInteger(right) &&
        !attrs.alignCorners;
      if (!isRepeated) return stock();
      const slopes = floats(dy);
      const out = new Float32Array(slopes.length / (down * right));
      const pitch = width * channels;
      let from = 0;
      for (let line = 0; from < slopes.length; line++) {
        const start = Math.floor(line / down) * pitch;
        for (let to = start; to < start + pitch; to += channels) {
          for (let copy = 0; copy < right; copy++) {
            for (let c = 0; c < channels; c++) out[to + c]! += slopes[from++]!;
          }
        }
      }
      return output(images.shape, out);
    },
  );
}
