import {
  backend_util,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { kernel } from "../_kernel.ts";
import type { OperationAttribute } from "../_attributes.ts";
import type { Machine } from "../_machine.ts";
import { attributes, int, text, type } from "../_operation.ts";
import { dataTypes } from "../placement.ts";

/** Max pooling; tfjs-node's own pads by name alone, never by a width. */
export function maxPool(machine: Machine): KernelConfig {
  return kernel(machine, "MaxPool", (run, inputs, attrs) => {
    const { x } = inputs as Record<"x", TensorInfo>;
    const given = poolAttributes(x.shape, attrs);
    return run.execute("MaxPool", given, [run.input(x)])[0];
  });
}

/** The gradient of {@linkcode maxPool} by its input. */
export function maxPoolGrad(machine: Machine): KernelConfig {
  return kernel(machine, "MaxPoolGrad", (run, inputs, attrs) => {
    const { dy, input, output } = inputs as Record<
      "dy" | "input" | "output",
      TensorInfo
    >;
    const given = poolAttributes(input.shape, attrs);
    const operands = [run.input(input), run.input(output), run.input(dy)];
    return run.execute("MaxPoolGrad", given, operands)[0];
  });
}

/** Attributes from those that tfjs gives its pooling kernels. */
function poolAttributes(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: NamedAttrMap,
): OperationAttribute[] {
  const info = backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize as number,
    strides as number,
    1,
    pad as "same",
    dimRoundingMode as "floor",
  );
  const { type: padding, top, bottom, left, right } = info.padInfo;
  const isNamed = padding === "SAME" || padding === "VALID";
  return attributes({
    T: type(dataTypes.float32),
    ksize: int([1, info.filterHeight, info.filterWidth, 1]),
    strides: int([1, info.strideHeight, info.strideWidth, 1]),
    padding: text(isNamed ? padding : "EXPLICIT"),
    explicit_paddings: int(
      isNamed ? [] : [0, 0, top, bottom, left, right, 0, 0],
    ),
    data_format: text("NHWC"),
  });
}
