import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import type { Machine } from "../_machine.ts";
import { filterGradient } from "./_winograd_gradient.ts";
import { shape4 } from "./_shape.ts";

/** The gradient of a convolution's filter, which tfjs' backend lacks. */
export function conv2DBackpropFilter(machine: Machine): KernelConfig {
  return {
    kernelName: Conv2DBackpropFilter,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
      const { strides, pad, dataFormat, dimRoundingMode, filterShape } =
        attrs as unknown as Conv2DBackpropFilterAttrs;
      if (dataFormat !== "NHWC") {
        throw new TypeError(
          cannot("run", "kernel", Conv2DBackpropFilter, {
            found: `data format ${dataFormat}`,
            expected: "NHWC",
          }),
        );
      }
      const { padInfo, strideHeight, strideWidth } = backend_util
        .computeConv2DInfo(
          shape4(x),
          filterShape,
          strides,
          1,
          pad,
          dimRoundingMode,
        );
      return filterGradient(machine, {
        x,
        dy,
        filterShape,
        top: padInfo.top,
        left: padInfo.left,
        strides: [strideHeight, strideWidth],
      });
    },
  };
}
