import {
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  FusedConv2D,
  type FusedConv2DAttrs,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { convolve } from "./_winograd.ts";
import { shape4 } from "./_shape.ts";

/** Convolution: ours at stride 1 for whole tiles of channels, else tfjs' own. */
export function conv2D(machine: Machine): KernelConfig {
  return {
    kernelName: Conv2D,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x, filter } = inputs as Record<"x" | "filter", TensorInfo>;
      const place = placeOf(x, filter, attrs as unknown as Conv2DAttrs);
      return place
        ? convolve(machine, { x, filter, ...place })
        : machine.stock(Conv2D, inputs, { ...attrs });
    },
  };
}

/** Convolution with bias and activation: ours for none and ReLU. */
export function fusedConv2D(machine: Machine): KernelConfig {
  return {
    kernelName: FusedConv2D,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x, filter, bias, preluActivationWeights } = inputs as unknown as {
        x: TensorInfo;
        filter: TensorInfo;
        bias?: TensorInfo;
        preluActivationWeights?: TensorInfo;
      };
      const { activation, ...rest } = attrs as unknown as FusedConv2DAttrs;
      const place = placeOf(x, filter, rest);
      const ours = place && !preluActivationWeights &&
        (activation === "linear" || activation === "relu") &&
        (!bias || bias.shape.at(-1) === filter.shape[3]);
      return ours
        ? convolve(machine, {
          x,
          filter,
          bias,
          relu: activation === "relu",
          ...place,
        })
        : machine.stock(FusedConv2D, inputs, { ...attrs });
    },
  };
}

/** Where the results lie, or null if the convolution is not for us. */
function placeOf(
  x: TensorInfo,
  filter: TensorInfo,
  { strides, pad, dataFormat, dilations, dimRoundingMode }: Conv2DAttrs,
): { top: number; left: number; outHeight: number; outWidth: number } | null {
  if (dataFormat !== "NHWC" || filter.shape[3]! % 4 !== 0) return null;
  const info = backend_util.computeConv2DInfo(
    shape4(x),
    shape4(filter),
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const plain = info.strideHeight === 1 && info.strideWidth === 1 &&
    info.dilationHeight === 1 && info.dilationWidth === 1;
  if (!plain) return null;
  const { padInfo: { top, left }, outHeight, outWidth } = info;
  return { top, left, outHeight, outWidth };
}
