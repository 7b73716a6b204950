import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import {
  type ConvolutionGradAttrs,
  fusedKernels,
} from "../../fused_kernels.ts";
import { kernel } from "../_kernel.ts";
import type { Machine } from "../_machine.ts";
import {
  biasGradient,
  convolutionAttributes,
  cutGradient,
  filterGradient,
  inputGradient,
} from "./_convolution.ts";

/** The gradients of a convolution and the ReLU after it. */
export function convolutionGrad(machine: Machine): KernelConfig {
  return kernel(machine, fusedKernels.convolutionGrad, (run, inputs, attrs) => {
    const tensors = inputs as Record<"dy" | "x" | "kernel" | "y", TensorInfo>;
    const { relu, bias, input } = attrs as unknown as ConvolutionGradAttrs;
    const type = machine.convolutionType;
    const given = convolutionAttributes(type);
    const dy = run.input(tensors.dy, type);
    const dz = relu ? cutGradient(run, dy, run.input(tensors.y, type)) : dy;
    const x = run.input(tensors.x, type);
    const outputs = [
      filterGradient(run, [x, dz], tensors.kernel.shape, given),
    ];
    if (bias) outputs.push(biasGradient(run, dz));
    if (input) {
      const filter = run.input(tensors.kernel, type);
      outputs.push(inputGradient(run, [dz, filter], x.shape, given));
    }
    return outputs;
  });
}
