import {
  Conv2D,
  FusedConv2D,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { convolve } from "./_convolve.ts";
import { windowsOf } from "./_windows.ts";

/** Convolution: ours without dilation, else tfjs' own. */
export function conv2D(): KernelConfig {
  return cpuKernel(Conv2D, ({ inputs, attrs, floats, output, stock }) => {
    const { x, filter } = inputs as Record<"x" | "filter", TensorInfo>;
    const windows = windowsOf(x.shape, filter.shape, attrs);
    if (!windows) return stock();
    const outChannels = filter.shape[3]!;
    return output(
      [windows.batch, windows.outHeight, windows.outWidth, outChannels],
      convolve(floats(x), floats(filter), windows, { outChannels }),
    );
  });
}

/** Convolution with bias and activation: ours for none and ReLU. */
export function fusedConv2D(): KernelConfig {
  return cpuKernel(FusedConv2D, ({ inputs, attrs, floats, output, stock }) => {
    const { x, filter, bias, preluActivationWeights } = inputs as unknown as {
      x: TensorInfo;
      filter: TensorInfo;
      bias?: TensorInfo;
      preluActivationWeights?: TensorInfo;
    };
    const { activation } = attrs;
    const outChannels = filter.shape[3]!;
    const windows = windowsOf(x.shape, filter.shape, attrs);
    const ours = windows && !preluActivationWeights &&
      (activation === "linear" || activation === "relu") &&
      (!bias || bias.shape.at(-1) === outChannels);
    if (!ours) return stock();
    return output(
      [windows.batch, windows.outHeight, windows.outWidth, outChannels],
      convolve(floats(x), floats(filter), windows, {
        outChannels,
        bias: bias && floats(bias),
        relu: activation === "relu",
      }),
    );
  });
}
