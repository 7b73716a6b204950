import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import { fusedKernels, type SgdStepAttrs } from "../../fused_kernels.ts";
import { kernel } from "../_kernel.ts";
import type { Machine, Operand } from "../_machine.ts";
import { attributes, type } from "../_operation.ts";
import { dataTypes } from "../placement.ts";

const plain = attributes({ T: type(dataTypes.float32) });

/** One step of stochastic gradient descent with momentum. */
export function sgdStep(machine: Machine): KernelConfig {
  return kernel(machine, fusedKernels.sgdStep, (run, inputs, attrs) => {
    const tensors = inputs as Record<string, TensorInfo>;
    const { learningRate, momentum, dampening, weightDecay, nesterov } =
      attrs as unknown as SgdStepAttrs;
    const scaled = (x: Operand, factor: number) =>
      factor === 1
        ? x
        : run.execute("Mul", plain, [x, run.floats([factor], [])])[0];
    const sum = (a: Operand, b: Operand) =>
      run.execute("AddV2", plain, [a, b])[0];

    const parameter = run.input(tensors.parameter!);
    const bare = run.input(tensors.gradient!);
    const gradient = weightDecay === 0
      ? bare
      : sum(bare, scaled(parameter, weightDecay));
    const velocity = tensors.velocity
      ? sum(
        scaled(run.input(tensors.velocity), momentum),
        scaled(gradient, 1 - dampening),
      )
      : run.execute("Snapshot", plain, [gradient])[0];
    const direction = nesterov
      ? sum(gradient, scaled(velocity, momentum))
      : velocity;
    const step = scaled(direction, learningRate);
    return [run.execute("Sub", plain, [parameter, step])[0], velocity];
  });
}
