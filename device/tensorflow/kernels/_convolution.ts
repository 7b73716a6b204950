import { backend_util, type NamedAttrMap } from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import type { OperationAttribute } from "../_attributes.ts";
import type { Operand, Run } from "../_machine.ts";
import { attributes, bool, int, text, type } from "../_operation.ts";
import { dataTypes } from "../placement.ts";

/** Attributes of a convolution and its gradients. */
export function convolutionAttributes(
  dataType: number,
  { stride = [1, 1], dilation = [1, 1], padding = "SAME", around }: {
    stride?: readonly number[];
    dilation?: readonly number[];
    padding?: "SAME" | "VALID" | "EXPLICIT";
    around?: number[];
  } = {},
): OperationAttribute[] {
  return attributes({
    T: type(dataType),
    strides: int([1, ...stride, 1]),
    use_cudnn_on_gpu: bool(true),
    padding: text(padding),
    ...around ? { explicit_paddings: int(around) } : {},
    data_format: text("NHWC"),
    dilations: int([1, ...dilation, 1]),
  });
}

/** Attributes from those that tfjs gives its convolution kernels. */
export function fromTfjs(
  dataType: number,
  x: readonly number[],
  filter: readonly number[],
  attrs: NamedAttrMap,
): OperationAttribute[] {
  if (attrs.dataFormat !== "NHWC") {
    throw new RangeError(
      cannot("compute", "convolution", String(attrs.dataFormat), {
        found: "this layout",
        expected: "NHWC",
      }),
    );
  }
  const { padInfo, ...info } = backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides as number,
    (attrs.dilations ?? 1) as number,
    attrs.pad as "same",
    attrs.dimRoundingMode as "floor",
  );
  const { type: padding, top, bottom, left, right } = padInfo;
  const isNamed = padding === "SAME" || padding === "VALID";
  return convolutionAttributes(dataType, {
    stride: [info.strideHeight, info.strideWidth],
    dilation: [info.dilationHeight, info.dilationWidth],
    padding: isNamed ? padding : "EXPLICIT",
    ...isNamed ? {} : { around: [0, 0, top, bottom, left, right, 0, 0] },
  });
}

/** The gradient by the filter, as float32. */
export function filterGradient(
  run: Run,
  [x, dy]: readonly [Operand, Operand],
  shape: readonly number[],
  given: readonly OperationAttribute[],
): Operand {
  const inputs = [x, run.ints(shape), dy];
  const [gradient] = run.execute("Conv2DBackpropFilter", given, inputs);
  return run.cast(gradient, dataTypes.float32);
}

/** The gradient by the input. */
export function inputGradient(
  run: Run,
  [dy, filter]: readonly [Operand, Operand],
  shape: readonly number[],
  given: readonly OperationAttribute[],
): Operand {
  const inputs = [run.ints(shape), filter, dy];
  return run.execute("Conv2DBackpropInput", given, inputs)[0];
}

/** Adds a bias to the channels. */
export function addBias(run: Run, x: Operand, bias: Operand): Operand {
  const given = attributes({ T: type(x.type), data_format: text("NHWC") });
  return run.execute("BiasAdd", given, [x, run.cast(bias, x.type)])[0];
}

/** Sums over all but the channels, in float32: bfloat16 would lose the sum. */
export function biasGradient(run: Run, dy: Operand): Operand {
  const { float32 } = dataTypes;
  const given = attributes({ T: type(float32), data_format: text("NHWC") });
  return run.execute("BiasAddGrad", given, [run.cast(dy, float32)])[0];
}

/** dy where y > 0, else 0. */
export function cutGradient(run: Run, dy: Operand, y: Operand): Operand {
  return run.execute("ReluGrad", attributes({ T: type(dy.type) }), [dy, y])[0];
}
