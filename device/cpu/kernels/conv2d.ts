import {
  Conv2D,
  FusedConv2D,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { cpuKernel, type Run } from "../_kernel.ts";
import { multiply } from "./_multiply.ts";
import {
  type ConvolutionAttrs,
  inBlocks,
  patchSize,
  readPatches,
  type Windows,
  windowsOf,
} from "./_patches.ts";

/** Convolution: ours with the channels last, else tfjs' own. */
export function conv2D(): KernelConfig {
  return cpuKernel(Conv2D, (run) => {
    const { x, filter } = run.inputs as Record<"x" | "filter", TensorInfo>;
    return run.attrs.dataFormat === "NHWC"
      ? compute(run, x, filter)
      : run.stock();
  });
}

/** Convolution with bias and activation: ours for none and ReLU. */
export function fusedConv2D(): KernelConfig {
  return cpuKernel(FusedConv2D, (run) => {
    const { x, filter, bias, preluActivationWeights } = run
      .inputs as unknown as {
        x: TensorInfo;
        filter: TensorInfo;
        bias?: TensorInfo;
        preluActivationWeights?: TensorInfo;
      };
    const { dataFormat, activation } = run.attrs;
    const ours = dataFormat === "NHWC" && !preluActivationWeights &&
      (activation === "linear" || activation === "relu") &&
      (!bias || bias.shape.at(-1) === filter.shape[3]);
    return ours
      ? compute(run, x, filter, bias, activation === "relu")
      : run.stock();
  });
}

function compute(
  { attrs, floats, output }: Run,
  x: TensorInfo,
  filter: TensorInfo,
  bias?: TensorInfo,
  relu = false,
): TensorInfo {
  const windows = windowsOf(
    x.shape,
    filter.shape,
    attrs as NamedAttrMap & ConvolutionAttrs,
  );
  const { batch, outHeight, outWidth } = windows;
  const outChannels = filter.shape[3]!;
  return output(
    [batch, outHeight, outWidth, outChannels],
    convolve(floats(x), floats(filter), windows, {
      outChannels,
      bias: bias && floats(bias),
      relu,
    }),
  );
}

/** Convolves: every window's patch times the filter as a matrix. */
export function convolve(
  x: Float32Array,
  filter: Float32Array,
  windows: Windows,
  { outChannels, bias, relu = false }: {
    outChannels: number;
    bias?: Float32Array | undefined;
    relu?: boolean;
  },
): Float32Array {
  const { batch, outHeight, outWidth } = windows;
  const size = patchSize(windows);
  const out = new Float32Array(batch * outHeight * outWidth * outChannels);
  if (bias) {
    for (let i = 0; i < out.length; i += outChannels) out.set(bias, i);
  }
  inBlocks(windows, (block) => {
    readPatches(x, windows, block);
    multiply({
      rows: block.count,
      inner: size,
      columns: outChannels,
      a: block.patches,
      aRow: size,
      aColumn: 1,
      b: filter,
      bStart: 0,
      out,
      outStart: block.first * outChannels,
    });
  });
  if (relu) {
    for (let i = 0; i < out.length; i++) {
      // Not Math.max: NaN stays.
      if (out[i]! < 0) out[i] = 0;
    }
  }
  return out;
}
