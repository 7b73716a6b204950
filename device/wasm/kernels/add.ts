import { Add, type KernelConfig, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { readChannels, runColumns } from "./_run_columns.ts";

/** Sums of two: ours of an image and its channels' bias, else tfjs' own. */
export function add(machine: Machine): KernelConfig {
  return {
    kernelName: Add,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { a, b } = inputs as Record<"a" | "b", TensorInfo>;
      const [channels = 1] = b.shape;
      const ours = a.dtype === "float32" && b.dtype === "float32" &&
        a.shape.length === 4 && b.shape.length === 1 &&
        a.shape[3] === channels && !a.shape.includes(0);
      if (!ours) return machine.stock(Add, inputs, { ...attrs });

      const out = machine.output(a.shape);
      runColumns(machine, "columnNormalize", {
        rows: a.shape.slice(0, 3).reduce((a, b) => a * b, 1),
        channels,
        matrices: [machine.address(a)],
        coefficients: [
          new Float32Array(channels),
          new Float32Array(channels).fill(1),
          readChannels(machine, b),
          new Float32Array(channels).fill(-Infinity),
        ],
        result: machine.address(out),
      });
      return out;
    },
  };
}
