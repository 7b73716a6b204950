import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { type BatchNormTrainAttrs, fusedKernels } from "../../fused_kernels.ts";
import { kernel } from "../_kernel.ts";
import type { Machine, Operand, Run } from "../_machine.ts";
import { attributes, bool, float, text, type } from "../_operation.ts";
import { dataTypes } from "../placement.ts";
import { cutGradient } from "./_convolution.ts";

/** Batch norm on the batch's own statistics, with ReLU if asked. */
export function batchNormTrain(machine: Machine): KernelConfig {
  return kernel(machine, fusedKernels.batchNormTrain, (run, inputs, attrs) => {
    const tensors = inputs as Record<"x" | "scale" | "offset", TensorInfo>;
    const { epsilon, relu } = attrs as unknown as BatchNormTrainAttrs;
    const dataType = machine.typeOf(tensors.x);
    const x = run.input(tensors.x, dataType);
    const nothing = run.floats([]);
    const [normalized, mean, , savedMean, saved] = run.execute(
      "FusedBatchNormV3",
      normAttributes(dataType, epsilon),
      [
        x,
        run.input(tensors.scale),
        run.input(tensors.offset),
        nothing,
        nothing,
      ],
      6,
    );
    const y = relu
      ? run.execute("Relu", attributes({ T: type(dataType) }), [normalized])[0]
      : normalized;
    // The second output is made unbiased; the saved one is as it normalizes,
    // on a GPU as the inverse of the deviation.
    const variance = machine.isGpu ? toVariance(run, saved!, epsilon) : saved!;
    return [y, machine.isGpu ? savedMean! : mean!, variance];
  });
}

/** The gradients of {@linkcode batchNormTrain}. */
export function batchNormTrainGrad(machine: Machine): KernelConfig {
  const name = fusedKernels.batchNormTrainGrad;
  return kernel(machine, name, (run, inputs, attrs) => {
    const tensors = inputs as Record<
      "dy" | "x" | "y" | "scale" | "mean" | "variance",
      TensorInfo
    >;
    const { epsilon, relu } = attrs as unknown as BatchNormTrainAttrs;
    const dataType = machine.typeOf(tensors.x);
    const x = run.input(tensors.x, dataType);
    const dy = run.input(tensors.dy, dataType);
    const dz = relu ? cutGradient(run, dy, run.input(tensors.y, dataType)) : dy;
    const variance = run.input(tensors.variance);
    const saved = machine.isGpu
      ? toInverseDeviation(run, variance, epsilon)
      : variance;
    const [dx, dscale, doffset] = run.execute(
      "FusedBatchNormGradV3",
      normAttributes(dataType, epsilon),
      [
        dz,
        x,
        run.input(tensors.scale),
        run.input(tensors.mean),
        saved,
        run.floats([0], []),
      ],
      5,
    );
    return [dx, dscale!, doffset!];
  });
}

function normAttributes(dataType: number, epsilon: number) {
  return attributes({
    T: type(dataType),
    U: type(dataTypes.float32),
    epsilon: float(epsilon),
    data_format: text("NHWC"),
    is_training: bool(true),
  });
}

const plain = attributes({ T: type(dataTypes.float32) });

function toVariance(run: Run, inverse: Operand, epsilon: number): Operand {
  const [square] = run.execute("Square", plain, [inverse]);
  const [sum] = run.execute("Reciprocal", plain, [square]);
  return run.execute("Sub", plain, [sum, run.floats([epsilon], [])])[0];
}

function toInverseDeviation(
  run: Run,
  variance: Operand,
  epsilon: number,
): Operand {
  const shift = run.floats([epsilon], []);
  const [sum] = run.execute("AddV2", plain, [variance, shift]);
  return run.execute("Rsqrt", plain, [sum])[0];
}
