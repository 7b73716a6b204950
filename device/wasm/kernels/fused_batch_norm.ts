import {
  FusedBatchNorm,
  type FusedBatchNormAttrs,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { Machine } from "../_machine.ts";
import { readChannels, runColumns } from "./_run_columns.ts";

/** Batch norm on given statistics: ours for one number per channel. */
export function fusedBatchNorm(machine: Machine): KernelConfig {
  return {
    kernelName: FusedBatchNorm,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x, mean, variance, scale, offset } = inputs as unknown as {
        x: TensorInfo;
        mean: TensorInfo;
        variance: TensorInfo;
        scale?: TensorInfo;
        offset?: TensorInfo;
      };
      const { varianceEpsilon } = attrs as unknown as FusedBatchNormAttrs;
      const channels = x.shape.at(-1) ?? 1;
      const ours = [mean, variance, scale, offset].every((given) =>
        !given || given.shape.length === 1 && given.shape[0] === channels
      );
      if (!ours) return machine.stock(FusedBatchNorm, inputs, { ...attrs });

      const out = machine.output(x.shape);
      const scales = scale ? readChannels(machine, scale) : null;
      runColumns(machine, "columnNormalize", {
        rows: x.shape.slice(0, -1).reduce((a, b) => a * b, 1),
        channels,
        matrices: [machine.address(x)],
        coefficients: [
          readChannels(machine, mean),
          readChannels(machine, variance).map((v, c) =>
            (scales?.[c] ?? 1) / Math.sqrt(v + varianceEpsilon)
          ),
          offset ? readChannels(machine, offset) : new Float64Array(channels),
          new Float64Array(channels).fill(-Infinity),
        ],
        result: machine.address(out),
      });
      return out;
    },
  };
}
