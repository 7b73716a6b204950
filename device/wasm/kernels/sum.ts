import {
  type KernelConfig,
  Sum,
  type SumAttrs,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { runColumns } from "./_run_columns.ts";

/** Sums: ours of floats over all axes but the channels, else tfjs' own. */
export function sum(machine: Machine): KernelConfig {
  return {
    kernelName: Sum,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x } = inputs as Record<"x", TensorInfo>;
      const { axis, keepDims } = attrs as unknown as SumAttrs;
      const last = x.shape.length - 1;
      const axes = util.parseAxisParam(axis, x.shape);
      const ours = x.dtype === "float32" && last > 0 && axes.length === last &&
        !axes.includes(last) && !x.shape.includes(0);
      if (!ours) return machine.stock(Sum, inputs, { ...attrs });

      const channels = x.shape[last]!;
      const out = machine.output(
        keepDims ? x.shape.map((n, i) => i === last ? n : 1) : [channels],
      );
      const [sums] = runColumns(machine, "columnSums", {
        rows: x.shape.slice(0, last).reduce((a, b) => a * b, 1),
        channels,
        matrices: [machine.address(x)],
        sums: 1,
      });
      machine.heap().set(sums!, machine.address(out) >>> 2);
      return out;
    },
  };
}
