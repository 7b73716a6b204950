import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type AdamStepAttrs, fusedKernels } from "../../fused_kernels.ts";
import type { Layout } from "../_layouts.ts";
import type { Machine } from "../_machine.ts";
import { algorithm } from "../_symbols.ts";
import { rowMajorLayout } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";
import { stretchesOf } from "./_stretches.ts";
import { combine } from "./arithmetic.ts";
import { eachNumber } from "./elementwise.ts";
import { weightedShift, weightedSum } from "./_weighted_sum.ts";

/**
 * A step of Adam or AdamW in the layout of the gradient, operation by operation
 * as it is composed of tfjs' functions.
 */
export const adamStep: Kernel = {
  name: fusedKernels.adamStep,
  run(machine, { inputs, attrs }) {
    const { parameter, gradient, mean, square } = inputs as
      & Record<"parameter" | "gradient", TensorInfo>
      & { mean?: TensorInfo; square?: TensorInfo };
    const settings = attrs as unknown as AdamStepAttrs;
    const { beta1, beta2, epsilon, weightDecay } = settings;
    const layout = layoutOf(machine, gradient, epsilon);
    return machine.compute((scope) => {
      const old = scope.source(parameter, layout);
      const bare = scope.source(gradient, layout);
      const lastMean = mean && scope.source(mean, layout);
      const lastSquare = square && scope.source(square, layout);
      const place = (of: TensorInfo | undefined) =>
        of
          ? scope.successor(of, layout)
          : scope.output(parameter.shape, layout);
      const next = place(parameter), means = place(mean);
      const squares = place(square);
      const bytes = Math.min(4 * longest, layout.bytes);
      const decayed = weightDecay > 0 ? scope.scratch(bytes) : 0n;
      const between = scope.scratch(bytes);
      const [zero, one, keep, join, keepSquare, joinSquare, ...rest] = scope
        .numbers(
          ...[0, 1, beta1, 1 - beta1, beta2, 1 - beta2, weightDecay, epsilon],
          ...[settings.shrink, settings.rootScale, -settings.stepSize],
        ) as bigint[] as Eleven;
      const [decay, epsilonAt, shrink, rootScale, back] = rest;
      for (const { count, offset } of stretchesOf(layout, longest)) {
        const at = (address: bigint): bigint => address + offset;
        const { sum, shift, multiply, divide, root } = operations(
          machine,
          count,
        );
        const m = at(means.address), v = at(squares.address);
        let slope = at(bare);
        if (weightDecay > 0) {
          sum([slope, one], [at(old), decay], decayed);
          slope = decayed;
        }
        if (lastMean) sum([at(lastMean), keep], [slope, join], m);
        else shift([slope, join], [zero, one], m);
        multiply.run(slope, slope, between);
        if (lastSquare) {
          sum([at(lastSquare), keepSquare], [between, joinSquare], v);
        } else shift([between, joinSquare], [zero, one], v);
        root.run(v, between);
        shift([between, rootScale], [epsilonAt, one], between);
        divide.run(m, between, between);
        sum([at(old), shrink], [between, back], at(next.address));
      }
      return [next.tensor, means.tensor, squares.tensor];
    });
  },
};

/** Addresses of as many numbers. */
type Eleven = [
  ...[bigint, bigint, bigint, bigint, bigint, bigint],
  ...[bigint, bigint, bigint, bigint, bigint],
];

/** So many numbers of five tensors stay in the cache between operations. */
const longest = 2 ** 17;

/** The gradient's layout, without padding where that would divide 0 by 0. */
function layoutOf(
  machine: Machine,
  gradient: TensorInfo,
  epsilon: number,
): Layout {
  const { layout } = machine.backend.nativeOf(gradient);
  if (layout === null) return rowMajorLayout(machine, gradient.shape);
  return layout.dense || epsilon > 0 ? layout : layout.rowMajor;
}

/** What a stretch of so many numbers goes through. */
function operations(machine: Machine, count: number) {
  const row = machine.layouts.vector([count]);
  return {
    sum: weightedSum(machine, count),
    shift: weightedShift(machine, count),
    multiply: combine(machine, { algorithm: algorithm.multiply }, row, row),
    divide: combine(machine, { algorithm: algorithm.divide }, row, row),
    root: eachNumber(machine, row, [algorithm.sqrt]),
  };
}
