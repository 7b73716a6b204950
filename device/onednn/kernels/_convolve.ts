import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import type { Primitive } from "../_primitive.ts";
import type { Output, Scope } from "../_scope.ts";
import {
  convolutionBackwardData,
  convolutionBackwardWeights,
  convolutionForward,
  type ForwardParts,
} from "./_convolution.ts";
import type { Geometry } from "./_geometry.ts";
import {
  isScarce,
  isWinograd,
  isWinogradGradient,
  winogradInputGradient,
  winogradOutput,
  winogradWeightsGradient,
} from "./_winograd_convolve.ts";

/** The tensors of a forward convolution. */
export interface ConvolutionInputs {
  /** The input. */
  readonly x: TensorInfo;
  /** The kernel. */
  readonly kernel: TensorInfo;
  /** The bias, if there is one. */
  readonly bias?: TensorInfo | undefined;
}

/** Convolves; returns the output. */
export function convolve(
  machine: Machine,
  scope: Scope,
  geometry: Geometry,
  { x, kernel, bias, relu = false, inference = false }:
    & ConvolutionInputs
    & Partial<Pick<ForwardParts, "relu" | "inference">>,
): TensorInfo {
  const direct = inference && isScarce(geometry);
  if (!direct && isWinograd(machine, geometry)) {
    const inputs = { x, kernel, bias, relu, inference };
    return delivered(
      machine,
      scope,
      [geometry.output, machine.layouts.preferred(geometry.output)],
      (to) => winogradOutput(machine, scope, geometry, { ...inputs, to }),
    );
  }
  const parts = { bias: bias !== undefined, relu, inference, direct };
  const primitive = convolutionForward(machine, geometry, parts);
  const [source, weights] = layoutsOf(primitive);
  const destination = layoutsOf(primitive).at(-1)!;
  return delivered(
    machine,
    scope,
    [geometry.output, destination],
    (to) =>
      primitive.run(
        scope.source(x, source!),
        inference
          ? scope.copied(kernel, weights!)
          : weightsAddress(scope, kernel, weights!),
        ...bias ? [scope.source(bias, layoutsOf(primitive)[2]!)] : [],
        to,
      ),
  );
}

/** The gradient of a convolution by its input. */
export function inputGradient(
  machine: Machine,
  scope: Scope,
  geometry: Geometry,
  { dy, kernel }: { dy: TensorInfo; kernel: TensorInfo },
): TensorInfo {
  if (isWinograd(machine, geometry)) {
    return delivered(
      machine,
      scope,
      [geometry.input, machine.layouts.preferred(geometry.input)],
      (to) =>
        winogradInputGradient(machine, scope, geometry, { dy, kernel, to }),
    );
  }
  const primitive = convolutionBackwardData(machine, geometry);
  const [gradient, weights, source] = layoutsOf(primitive);
  return delivered(
    machine,
    scope,
    [geometry.input, source!],
    (to) =>
      primitive.run(
        scope.source(dy, gradient!),
        weightsAddress(scope, kernel, weights!),
        to,
      ),
  );
}

/** The gradients of a convolution by its kernel and, if wanted, its bias. */
export function weightsGradient(
  machine: Machine,
  scope: Scope,
  geometry: Geometry,
  { x, dy, bias, shape }: {
    x: TensorInfo;
    dy: TensorInfo;
    /** Whether the bias' is wanted. */
    bias: boolean;
    /** The kernel's shape in tfjs. */
    shape: readonly number[];
  },
): Output[] {
  if (!bias && isWinogradGradient(machine, geometry)) {
    return [winogradWeightsGradient(machine, scope, geometry, { x, dy })];
  }
  const primitive = convolutionBackwardWeights(machine, geometry, bias);
  const [source, gradient, weights, biases] = layoutsOf(primitive);
  const outputs = [
    scope.output(shape, weights!),
    ...bias ? [scope.output([geometry.kernel[3]], biases!)] : [],
  ];
  primitive.run(
    scope.source(x, source!),
    scope.source(dy, gradient!),
    ...outputs.map(({ address }) => address),
  );
  return outputs;
}

/**
 * Computes features in the layout that the primitive gives, and delivers them
 * as activations are stored: as bfloat16 in mixed precision.
 */
function delivered(
  machine: Machine,
  scope: Scope,
  [shape, layout]: readonly [readonly number[], Layout],
  compute: (to: bigint) => void,
): TensorInfo {
  const stored = machine.mixed && shape[3]! % 16 === 0
    ? machine.layouts.preferred(shape, "bf16")
    : layout;
  if (stored === layout) {
    const { tensor, address } = scope.output(shape, layout);
    compute(address);
    return tensor;
  }
  const from = scope.scratch(layout.bytes);
  compute(from);
  const { tensor, address } = scope.output(shape, stored);
  machine.reorder.run(
    layout,
    stored,
    { pointer: from },
    { pointer: address },
  );
  return tensor;
}

/** Weights stay as their gradient lies; a rounded copy stays besides. */
function weightsAddress(
  scope: Scope,
  kernel: TensorInfo,
  layout: Layout,
): bigint {
  return layout.type === "f32"
    ? scope.settled(kernel, layout)
    : scope.copied(kernel, layout);
}

function layoutsOf({ operands }: Primitive): Layout[] {
  return operands.map(([, layout]) => layout);
}
