import type { TensorInfo } from "@tensorflow/tfjs-core";
import {
  type ConvolutionGradAttrs,
  fusedKernels,
} from "../../fused_kernels.ts";
import { sameConvolution } from "./_geometry.ts";
import { inputGradient, weightsGradient } from "./_convolve.ts";
import type { Kernel } from "./_kernel.ts";
import { throughRelu } from "./relu_grad.ts";

type Shape = [number, number, number, number];

/** All gradients of a convolution, with the ReLU after it. */
export const convolutionGrad: Kernel = {
  name: fusedKernels.convolutionGrad,
  run(machine, { inputs, attrs }) {
    const { dy, x, kernel, y } = inputs as Record<
      "dy" | "x" | "kernel" | "y",
      TensorInfo
    >;
    const wanted = attrs as unknown as ConvolutionGradAttrs;
    const geometry = sameConvolution(x.shape as Shape, kernel.shape as Shape);
    return machine.compute((scope) => {
      const dz = wanted.relu ? throughRelu(machine, scope, { dy, y }) : dy;
      const parts = { x, dy: dz, bias: wanted.bias, shape: kernel.shape };
      const gradients = weightsGradient(machine, scope, geometry, parts)
        .map(({ tensor }) => tensor);
      if (wanted.input) {
        const parts = { dy: dz, kernel };
        gradients.push(inputGradient(machine, scope, geometry, parts));
      }
      if (dz !== dy) scope.release(dz);
      return gradients;
    });
  },
};
