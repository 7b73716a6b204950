import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type SgdStepAttrs } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
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
      const old = scope.source(parameter, layout);
      const slope = scope.source(gradient, layout);
      const last = velocity && scope.source(velocity, layout);
      const next = scope.successor(parameter, layout);
      const moved = velocity
        ? scope.successor(velocity, layout)
        : scope.output(parameter.shape, layout);
      const between = scope.scratch(4 * Math.min(chunk, layout.bytes / 4));
      const factors = [scope.scratch(4), scope.scratch(4)] as const;
      forChunks(layout, (count, offset) => {
        const sum = weightedSum(machine, factors, count);
        const at = (address: bigint): bigint => address + offset;
        let step = at(slope);
        if (weightDecay > 0) {
          sum([step, 1], [at(old), weightDecay], between);
          step = between;
        }
        if (last) {
          sum([at(last), momentum], [step, 1 - dampening], at(moved.address));
        } else machine.pool.copy(at(moved.address), step, 4 * count);
        let direction = at(moved.address);
        if (settings.nesterov) {
          sum([step, 1], [direction, momentum], between);
          direction = between;
        }
        sum([at(old), 1], [direction, -learningRate], at(next.address));
      });
      return [next.tensor, moved.tensor];
    });
  },
};

/** So many numbers of each tensor stay in the processor's cache between sums. */
const chunk = 2 ** 18;

/** Calls for each stretch of a tensor, with its length and where it begins. */
function forChunks(
  layout: Layout,
  work: (count: number, offset: bigint) => void,
): void {
  const all = layout.bytes / 4;
  for (let from = 0; from < all; from += chunk) {
    work(Math.min(chunk, all - from), BigInt(4 * from));
  }
}

type Weighted = readonly [address: bigint, factor: number];

/** Adds two rows of numbers, each times a factor. */
function weightedSum(
  machine: Machine,
  factors: readonly [bigint, bigint],
  count: number,
) {
  const { library, layouts, pool } = machine;
  const flat = layouts.vector([count]);
  const number = layouts.vector([1]);
  const primitive = machine.primitives.get(`weighted sum ${flat.id}`, () => {
    const about = `weighted sum [${flat.dims}]`;
    return compile(library, {
      about,
      maker: "dnnl_binary_primitive_desc_create",
      given: [algorithm.add, flat.handle, flat.handle, flat.handle],
      attribute: machine.attributes.scales,
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
