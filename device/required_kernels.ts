import { getKernel } from "@tensorflow/tfjs-core";

/**
 * The tfjs kernels that models, losses, metrics and optimizers call, forward
 * and backward. A device that has all of them trains; the conformance tests
 * check each on every device.
 */
export const requiredKernels: readonly string[] = [
  // Convolution, pooling and upsampling.
  "Conv2D",
  "Conv2DBackpropFilter",
  "Conv2DBackpropInput",
  "FusedConv2D",
  "FusedBatchNorm",
  "MaxPool",
  "MaxPoolGrad",
  "AvgPool",
  "AvgPoolGrad",
  "BatchMatMul",
  "ResizeNearestNeighbor",
  // One number at a time.
  "Abs",
  "Ceil",
  "ClipByValue",
  "Exp",
  "Expm1",
  "Floor",
  "LeakyRelu",
  "Log",
  "Log1p",
  "Neg",
  "Reciprocal",
  "Relu",
  "Round",
  "Rsqrt",
  "Sigmoid",
  "Sign",
  "Softmax",
  "Softplus",
  "Sqrt",
  "Square",
  "Step",
  "Tanh",
  // Two at a time.
  "Add",
  "AddN",
  "Maximum",
  "Minimum",
  "Multiply",
  "Pow",
  "RealDiv",
  "SquaredDifference",
  "Sub",
  // Comparison and choice.
  "Equal",
  "Greater",
  "GreaterEqual",
  "IsFinite",
  "IsNan",
  "Less",
  "LessEqual",
  "LogicalAnd",
  "LogicalNot",
  "LogicalOr",
  "NotEqual",
  "Select",
  // Reduction.
  "All",
  "Any",
  "ArgMax",
  "Max",
  "Mean",
  "Min",
  "Sum",
  // Arrangement.
  "Cast",
  "Concat",
  "ExpandDims",
  "Fill",
  "GatherV2",
  "Identity",
  "MirrorPad",
  "OnesLike",
  "Pack",
  "PadV2",
  "Reshape",
  "Reverse",
  "Slice",
  "SplitV",
  "Tile",
  "Transpose",
  "Unpack",
  "ZerosLike",
];

/** Those of {@linkcode requiredKernels} that a tfjs backend lacks. */
export function missingKernels(backend: string): string[] {
  return requiredKernels.filter((name) => !getKernel(name, backend));
}
