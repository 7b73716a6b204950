import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { type BatchNormTrainAttrs, fusedKernels } from "../../fused_kernels.ts";
import type { Machine } from "../_machine.ts";
import { readChannels, runColumns } from "./_run_columns.ts";

/** Batch norm on the batch's own statistics, with ReLU if asked. */
export function batchNormTrain(machine: Machine): KernelConfig {
  return {
    kernelName: fusedKernels.batchNormTrain,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { x, scale, offset } = inputs as Record<
        "x" | "scale" | "offset",
        TensorInfo
      >;
      const { epsilon, relu } = attrs as unknown as BatchNormTrainAttrs;
      const { rows, channels } = matrix(x);
      const y = machine.output(x.shape);
      const mean = machine.output([channels]);
      const variance = machine.output([channels]);
      const operands = { rows, channels, matrices: [machine.address(x)] };

      const [sums] = runColumns(machine, "columnSums", {
        ...operands,
        sums: 1,
      });
      const means = Float32Array.from(sums!, (sum) => sum / rows);
      const [squares] = runColumns(machine, "columnSquares", {
        ...operands,
        coefficients: [means],
        sums: 1,
      });
      const variances = Float32Array.from(squares!, (sum) => sum / rows);
      const scales = readChannels(machine, scale);
      runColumns(machine, "columnNormalize", {
        ...operands,
        coefficients: [
          means,
          scales.map((s, c) => s / Math.sqrt(variances[c]! + epsilon)),
          readChannels(machine, offset),
          new Float32Array(channels).fill(relu ? 0 : -Infinity),
        ],
        result: machine.address(y),
      });
      write(machine, mean, means);
      write(machine, variance, variances);
      return [y, mean, variance];
    },
  };
}

/** The gradient of {@linkcode batchNormTrain}. */
export function batchNormTrainGrad(machine: Machine): KernelConfig {
  return {
    kernelName: fusedKernels.batchNormTrainGrad,
    backendName: "wasm",
    kernelFunc({ inputs, attrs }) {
      const { dy, x, y, scale, mean, variance } = inputs as Record<
        "dy" | "x" | "y" | "scale" | "mean" | "variance",
        TensorInfo
      >;
      const { epsilon, relu } = attrs as unknown as BatchNormTrainAttrs;
      const { rows, channels } = matrix(x);
      const dx = machine.output(x.shape);
      const dscale = machine.output([channels]);
      const doffset = machine.output([channels]);
      const means = readChannels(machine, mean);
      const suffix = relu ? "Relu" : "";
      const operands = {
        rows,
        channels,
        matrices: [dy, x, ...relu ? [y] : []].map(machine.address),
      };
      const [sums, products] = runColumns(
        machine,
        `columnGradientSums${suffix}`,
        { ...operands, coefficients: [means], sums: 2 },
      );
      // x̂ = (x − mean) / deviation; a, b, c collect what multiplies g, what
      // multiplies x − mean, and the rest, of
      // dx = scale / deviation · (g − Σg / rows − x̂ · Σ(g·x̂) / rows).
      const deviations = readChannels(machine, variance).map((v) =>
        Math.sqrt(v + epsilon)
      );
      const a = readChannels(machine, scale).map((s, c) => s / deviations[c]!);
      runColumns(machine, `columnGradient${suffix}`, {
        ...operands,
        coefficients: [
          means,
          a,
          a.map((v, c) => -v * products![c]! / (rows * deviations[c]! ** 2)),
          a.map((v, c) => -v * sums![c]! / rows),
        ],
        result: machine.address(dx),
      });
      write(
        machine,
        dscale,
        products!.map((product, c) => product / deviations[c]!),
      );
      write(machine, doffset, sums!);
      return [dx, dscale, doffset];
    },
  };
}

function matrix(x: TensorInfo): { rows: number; channels: number } {
  const channels = x.shape.at(-1) ?? 1;
  return { rows: x.shape.slice(0, -1).reduce((a, b) => a * b, 1), channels };
}

function write(
  machine: Machine,
  tensor: TensorInfo,
  values: ArrayLike<number>,
): void {
  machine.heap().set(values, machine.address(tensor) >>> 2);
}
