import { backend_util } from "@tensorflow/tfjs-core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { ConvolutionUse } from "../../fused_kernels.ts";
import type { Geometry } from "./_geometry.ts";
import { convolve, inputGradient, weightsGradient } from "./_convolve.ts";
import type { Call, Kernel } from "./_kernel.ts";

type Shape = [number, number, number, number];

/** tfjs' convolution. */
export const conv2D: Kernel = {
  name: "Conv2D",
  run(machine, { inputs, attrs }) {
    const { x, filter } = inputs as Record<"x" | "filter", TensorInfo>;
    const geometry = geometryOf(x.shape, filter.shape, attrs);
    if (geometry === null) return null;
    return machine.compute((scope) =>
      convolve(machine, scope, geometry, { x, kernel: filter })
    );
  },
};

/** tfjs' convolution with bias and activation. */
export const fusedConv2D: Kernel = {
  name: "FusedConv2D",
  run(machine, { inputs, attrs }: Call) {
    const { x, filter, bias } = inputs as
      & Record<"x" | "filter", TensorInfo>
      & { bias?: TensorInfo };
    const { activation, inference = false } = attrs as
      & { activation: string }
      & Partial<ConvolutionUse>;
    const geometry = geometryOf(x.shape, filter.shape, attrs);
    const known = activation === "linear" || activation === "relu";
    const vector = !bias || bias.shape.length === 1;
    if (geometry === null || !known || !vector) return null;
    const relu = activation === "relu";
    return machine.compute((scope) =>
      convolve(machine, scope, geometry, {
        x,
        kernel: filter,
        bias,
        relu,
        inference,
      })
    );
  },
};

/** The gradient of tfjs' convolution by its input. */
export const conv2DBackpropInput: Kernel = {
  name: "Conv2DBackpropInput",
  run(machine, { inputs, attrs }) {
    const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
    const { inputShape } = attrs as { inputShape: number[] };
    const geometry = geometryOf(inputShape, filter.shape, attrs);
    if (geometry === null) return null;
    return machine.compute((scope) =>
      inputGradient(machine, scope, geometry, { dy, kernel: filter })
    );
  },
};

/** The gradient of tfjs' convolution by its kernel. */
export const conv2DBackpropFilter: Kernel = {
  name: "Conv2DBackpropFilter",
  run(machine, { inputs, attrs }) {
    const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
    const { filterShape: shape } = attrs as { filterShape: number[] };
    const geometry = geometryOf(x.shape, shape, attrs);
    if (geometry === null) return null;
    return machine.compute((scope) => {
      const parts = { x, dy, bias: false, shape };
      return weightsGradient(machine, scope, geometry, parts)[0]!.tensor;
    });
  },
};

/** tfjs' attributes as oneDNN's; null where there is nothing to compute. */
function geometryOf(
  input: number[],
  kernel: number[],
  attrs: Record<string, unknown>,
): Geometry | null {
  const { strides, pad, dimRoundingMode, dilations = 1 } = attrs as {
    strides: number | [number, number];
    pad: "valid" | "same" | number | backend_util.ExplicitPadding;
    dimRoundingMode?: "floor" | "round" | "ceil";
    dilations?: number | [number, number];
  };
  if (attrs.dataFormat === "NCHW") return null;
  const info = backend_util.computeConv2DInfo(
    input as Shape,
    kernel as Shape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  if ([...input, ...kernel, ...info.outShape].includes(0)) return null;
  const { top, left } = info.padInfo;
  // What tfjs rounds away at the end, oneDNN needs as a number.
  const after = (size: number, axis: 0 | 1, before: number): number => {
    const reach = axis === 0
      ? info.effectiveFilterHeight
      : info.effectiveFilterWidth;
    const stride = axis === 0 ? info.strideHeight : info.strideWidth;
    const output = axis === 0 ? info.outHeight : info.outWidth;
    return (output - 1) * stride + reach - size - before;
  };
  return {
    input: input as Shape,
    kernel: kernel as Shape,
    output: info.outShape,
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [top, left],
    after: [after(info.inHeight, 0, top), after(info.inWidth, 1, left)],
  };
}
