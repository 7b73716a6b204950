import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import type { Scope } from "../_scope.ts";
import { rowMajorLayout, rowMajorOf } from "./_joint_layout.ts";

/** A tensor's numbers in tfjs' order, wherever they are; not to be changed. */
export function floatsOf(
  scope: Scope,
  machine: Machine,
  tensor: TensorInfo,
): Float32Array {
  const values = machine.backend.valuesOf(tensor);
  if (values instanceof Float32Array) return values;
  const address = scope.source(tensor, rowMajorOf(machine, tensor));
  const size = tensor.shape.reduce((a, b) => a * b, 1);
  return machine.pool.floats(address, size);
}

/** A new tensor of a few numbers. */
export function tensorOf(
  scope: Scope,
  machine: Machine,
  shape: readonly number[],
  values: readonly number[],
): TensorInfo {
  const layout = rowMajorLayout(machine, shape);
  const { tensor, address } = scope.output(shape, layout);
  machine.pool.upload(address, Float32Array.from(values));
  return tensor;
}
