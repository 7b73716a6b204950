import {
  type KernelConfig,
  type NamedAttrMap,
  Sum,
  type SumAttrs,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { cpuKernel } from "../_kernel.ts";
import { sumColumns } from "./_columns.ts";

/** Sums: ours of floats over all axes but the channels, else tfjs' own. */
export function sum(): KernelConfig {
  return cpuKernel(Sum, ({ inputs, attrs, floats, output, stock }) => {
    const { x } = inputs as Record<"x", TensorInfo>;
    const { axis, keepDims } = attrs as NamedAttrMap & SumAttrs;
    const last = x.shape.length - 1;
    const axes = util.parseAxisParam(axis, x.shape);
    const ours = x.dtype === "float32" && last > 0 && axes.length === last &&
      !axes.includes(last);
    if (!ours) return stock();

    const channels = x.shape[last]!;
    return output(
      keepDims ? x.shape.map((n, i) => i === last ? n : 1) : [channels],
      Float32Array.from(sumColumns(floats(x), channels)),
    );
  });
}
