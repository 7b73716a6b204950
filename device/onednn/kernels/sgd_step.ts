import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type SgdStepAttrs } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { Primitive } from "../_primitive.ts";
import type { Scope } from "../_scope.ts";
import { algorithm, operand } from "../_symbols.ts";
import { rowMajorLayout } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";

/**
 * A step of stochastic gradient descent, in the layout of the gradient: a
 * weighted sum for the velocity and one for the parameter.
 */
export const sgdStep: Kernel = {
  name: fusedKernels.sgdStep,
  run(machine, { inputs, attrs }) {
    const { parameter, gradient, velocity } = inputs as
      & Record<"parameter" | "gradient", TensorInfo>
      & { velocity?: TensorInfo };
    const settings = attrs as unknown as SgdStepAttrs;
    const { learningRate, momentum, dampening, weightDecay } = settings;
    const { backend } = machine;
    const layout = backend.nativeOf(gradient).layout ??
      rowMajorLayout(machine, gradient.shape);
    return machine.compute((scope) => {
      const sum = weightedSum(machine, scope, layout);
      const old = scope.source(parameter, layout);
      let slope = scope.source(gradient, layout);
      if (weightDecay > 0) {
        const decayed = scope.scratch(layout.bytes);
        sum([slope, 1], [old, weightDecay], decayed);
        slope = decayed;
      }
      const next = scope.output(parameter.shape, layout);
      const moved = scope.output(parameter.shape, layout);
      if (velocity) {
        const last = scope.source(velocity, layout);
        sum([last, momentum], [slope, 1 - dampening], moved.address);
      } else machine.pool.copy(moved.address, slope, layout.bytes);
      let direction = moved.address;
      if (settings.nesterov) {
        direction = scope.scratch(layout.bytes);
        sum([slope, 1], [moved.address, momentum], direction);
      }
      sum([old, 1], [direction, -learningRate], next.address);
      return [next.tensor, moved.tensor];
    });
  },
};

type Weighted = readonly [address: bigint, factor: number];

/** Adds two rows of numbers, each times a factor. */
function weightedSum(machine: Machine, scope: Scope, layout: Layout) {
  const { library, layouts, pool } = machine;
  const flat = layouts.flat(layout);
  const number = layouts.vector([1]);
  const factors = [scope.scratch(4), scope.scratch(4)] as const;
  const primitive = machine.primitives.get(`weighted sum ${flat.id}`, () => {
    const about = `weighted sum [${flat.dims}]`;
    return new Primitive(library, {
      about,
      descriptor: library.create(
        "dnnl_binary_primitive_desc_create",
        about,
        library.engine,
        algorithm.add,
        flat.handle,
        flat.handle,
        flat.handle,
        machine.attributes.scales,
      ),
      operands: [
        [operand.source, flat],
        [operand.source1, flat],
        [operand.destination, flat],
        [operand.scales | operand.source, number],
        [operand.scales | operand.source1, number],
      ],
    });
  });
  return (a: Weighted, b: Weighted, to: bigint): void => {
    pool.upload(factors[0], Float32Array.of(a[1]));
    pool.upload(factors[1], Float32Array.of(b[1]));
    primitive.run(a[0], b[0], to, ...factors);
  };
}
