import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";

/**
 * The layout to combine tensors of one shape in, number by number: that of
 * the first that has one of its own, or else tfjs' order.
 */
export function jointLayout(
  machine: Machine,
  tensors: readonly TensorInfo[],
): Layout {
  for (const tensor of tensors) {
    const own = machine.backend.nativeOf(tensor).layout;
    // Steps of eight bits add up to no whole steps.
    if (own && own.scale !== 1) return own.rowMajor;
    if (own) return own;
  }
  return rowMajorLayout(machine, tensors[0]!.shape);
}

/** tfjs' order, as a conversion from a tensor's own layout needs it. */
export function rowMajorOf(machine: Machine, tensor: TensorInfo): Layout {
  const { layout } = machine.backend.nativeOf(tensor);
  return layout?.rowMajor ?? rowMajorLayout(machine, tensor.shape);
}

/** tfjs' order, for tensors of any number of dimensions. */
export function rowMajorLayout(
  { layouts }: Machine,
  shape: readonly number[],
): Layout {
  return layouts.vector([shape.reduce((a, b) => a * b, 1)]);
}
