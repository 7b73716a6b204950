import {
  backend_util,
  type KernelConfig,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type NamedAttrMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";

/**
 * The gradient of max pooling: each dy goes to the first greatest of its
 * window.
 */
export function maxPoolGrad(): KernelConfig {
  return cpuKernel(MaxPoolGrad, ({ inputs, attrs, floats, output }) => {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    const { filterSize, strides, pad, dimRoundingMode } = attrs as
      & NamedAttrMap
      & MaxPoolGradAttrs;
    const info = backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    return output(input.shape, compute(floats(dy), floats(input), info));
  });
}

function compute(
  dy: Float32Array,
  x: Float32Array,
  info: backend_util.Conv2DInfo,
): Float32Array {
  const { inHeight, inWidth, outHeight, outWidth, inChannels } = info;
  const { strideHeight, strideWidth, filterHeight, filterWidth } = info;
  const { top, left } = info.padInfo;
  const dx = new Float32Array(x.length);
  const windows = info.batchSize * outHeight * outWidth;
  for (let window = 0; window < windows; window++) {
    const row = Math.floor(window / outWidth);
    const image = Math.floor(row / outHeight);
    const y = (row - image * outHeight) * strideHeight - top;
    const column = (window - row * outWidth) * strideWidth - left;
    const lastY = Math.min(y + filterHeight, inHeight);
    const lastX = Math.min(column + filterWidth, inWidth);
    for (let channel = 0; channel < inChannels; channel++) {
      let greatest = -Infinity, chosen = -1;
      for (let i = Math.max(0, y); i < lastY; i++) {
        for (let j = Math.max(0, column); j < lastX; j++) {
          const at = ((image * inHeight + i) * inWidth + j) * inChannels +
            channel;
          if (x[at]! > greatest) {
            greatest = x[at]!;
            chosen = at;
          }
        }
      }
      // Windows that hold nothing but NaN have no greatest.
      if (chosen >= 0) dx[chosen]! += dy[window * inChannels + channel]!;
    }
  }
  return dx;
}
