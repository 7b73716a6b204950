import type { TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type SgdStepAttrs } from "../../fused_kernels.ts";
import { rowMajorLayout } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";
import { stretchesOf } from "./_stretches.ts";
import { weightedSum } from "./_weighted_sum.ts";

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
      const between = scope.scratch(Math.min(4 * longest, layout.bytes));
      const [one, decay, keep, join, back] = scope.numbers(
        ...[1, weightDecay, momentum, 1 - dampening, -learningRate],
      ) as [bigint, bigint, bigint, bigint, bigint];
      for (const { count, offset } of stretchesOf(layout, longest)) {
        const sum = weightedSum(machine, count);
        const at = (address: bigint): bigint => address + offset;
        let step = at(slope);
        if (weightDecay > 0) {
          sum([step, one], [at(old), decay], between);
          step = between;
        }
        if (last) sum([at(last), keep], [step, join], at(moved.address));
        else machine.pool.copy(at(moved.address), step, 4 * count);
        let direction = at(moved.address);
        if (settings.nesterov) {
          sum([step, one], [direction, keep], between);
          direction = between;
        }
        sum([at(old), one], [direction, back], at(next.address));
      }
      return [next.tensor, moved.tensor];
    });
  },
};

/** So many numbers of each tensor stay in the processor's cache between sums. */
const longest = 2 ** 18;
