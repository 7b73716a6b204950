import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { compile } from "../_compile.ts";
import { algorithm, operand } from "../_symbols.ts";
import { rowMajorOf } from "./_joint_layout.ts";
import type { Kernel } from "./_kernel.ts";

const operations: Readonly<Record<string, number>> = {
  Max: algorithm.reduceMaximum,
  Mean: algorithm.reduceMean,
  Min: algorithm.reduceMinimum,
  Sum: algorithm.reduceSum,
};

/** Kernels that reduce the last dimensions, or all, to one number. */
export const reductions: readonly Kernel[] = Object.entries(operations).map(
  ([name, algorithm]) => ({
    name,
    run(machine, { inputs, attrs }) {
      const { x } = inputs as Record<"x", TensorInfo>;
      const { axis, reductionIndices = axis, keepDims } = attrs as {
        axis?: number | number[];
        reductionIndices?: number | number[];
        keepDims?: boolean;
      };
      if (x.dtype !== "float32" || x.shape.includes(0)) return null;
      const axes = util.parseAxisParam(reductionIndices as number[], x.shape);
      const rank = x.shape.length;
      const last = axes.every((axis) => axis >= rank - axes.length);
      if (!last || axes.length === 0) return null;
      const rows = util.sizeFromShape(x.shape.slice(0, rank - axes.length));
      const columns = util.sizeFromShape(x.shape.slice(rank - axes.length));
      // oneDNN refuses where there is nothing to reduce.
      if (columns === 1) return null;
      const shape = x.shape.flatMap((size, i) =>
        i < rank - axes.length ? [size] : keepDims ? [1] : []
      );
      return reduce(machine, algorithm, x, { rows, columns, shape });
    },
  }),
);

function reduce(
  machine: Machine,
  algorithm: number,
  x: TensorInfo,
  { rows, columns, shape }: { rows: number; columns: number; shape: number[] },
): TensorInfo {
  const { layouts, library } = machine;
  const from = layouts.vector([rows, columns]), to = layouts.vector([rows, 1]);
  const key = `reduction ${algorithm} ${from.id}`;
  const primitive = machine.primitives.get(key, () => {
    const about = `reduction ${algorithm.toString(16)} [${from.dims}]`;
    return compile(library, {
      about,
      maker: "dnnl_reduction_primitive_desc_create",
      given: [algorithm, from.handle, to.handle, 0, 0],
      operands: [[operand.source, from], [operand.destination, to]],
    });
  });
  return machine.compute((scope) => {
    const { tensor, address } = scope.output(shape, layouts.vector([rows]));
    primitive.run(scope.source(x, rowMajorOf(machine, x)), address);
    return tensor;
  });
}
