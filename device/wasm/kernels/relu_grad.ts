import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels } from "../../fused_kernels.ts";
import type { Machine } from "../_machine.ts";
import { runColumns } from "./_run_columns.ts";

/** dy where y > 0, else 0. */
export function reluGrad(machine: Machine): KernelConfig {
  return {
    kernelName: fusedKernels.reluGrad,
    backendName: "wasm",
    kernelFunc({ inputs }) {
      const { dy, y } = inputs as Record<"dy" | "y", TensorInfo>;
      const size = y.shape.reduce((a, b) => a * b, 1);
      const out = machine.output(y.shape);
      const matrices = [machine.address(dy), machine.address(y)];
      const result = machine.address(out);
      // Any shape will do: four columns, and one for what is left over.
      const rows = size >> 2;
      runColumns(machine, "columnCut", { rows, channels: 4, matrices, result });
      runColumns(machine, "columnCut", {
        rows: size & 3,
        channels: 1,
        matrices: matrices.map((place) => place + 16 * rows),
        result: result + 16 * rows,
      });
      return out;
    },
  };
}
