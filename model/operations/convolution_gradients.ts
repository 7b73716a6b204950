import * as tf from "@tensorflow/tfjs-core";
import {
  type ConvolutionGradAttrs,
  fusedKernels,
} from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { reluGradient } from "./batch_norm.ts";
import { placesOf } from "./convolution_places.ts";

/** What a convolution's gradients are computed from. */
export interface ConvolutionTensors {
  /** The gradient by the output `[N, H, W, out]`. */
  readonly dy: tf.Tensor4D;
  /** The input `[N, H, W, in]`. */
  readonly x: tf.Tensor4D;
  /** The kernel `[h, w, in, out]`. */
  readonly kernel: tf.Tensor;
  /** The output, if ReLU gave it. */
  readonly y?: tf.Tensor4D | undefined;
}

/** The gradients of a convolution; absent where nobody asked. */
export interface ConvolutionGradients {
  /** By the kernel. */
  readonly dkernel: tf.Tensor;
  /** By the bias `[out]`. */
  readonly dbias?: tf.Tensor | undefined;
  /** By the input. */
  readonly dx?: tf.Tensor | undefined;
}

/** Which gradients of a convolution are wanted, besides the kernel's. */
export interface WantedGradients extends Omit<ConvolutionGradAttrs, "relu"> {
  /** Pixels from one output to the next; 1 by default. */
  readonly stride?: 1 | 2;
}

/**
 * The gradients of a convolution whose padding is (k − 1) / 2; of stride 1, by
 * the device's fused kernel if it has one.
 *
 * @param tensors What they are computed from; they stay the caller's.
 * @param wanted Which of them, besides the kernel's.
 * @returns The gradients.
 */
export function convolutionGradients(
  { dy, x, kernel, y }: ConvolutionTensors,
  { bias, input, stride = 1 }: WantedGradients,
): ConvolutionGradients {
  if (stride === 1 && hasKernel(fusedKernels.convolutionGrad)) {
    const relu = y !== undefined;
    const [dkernel, ...others] = runKernel(
      fusedKernels.convolutionGrad,
      relu ? { dy, x, kernel, y } : { dy, x, kernel },
      { relu, bias, input } satisfies ConvolutionGradAttrs,
    ) as [tf.Tensor, ...tf.Tensor[]];
    const dbias = bias ? others.shift() : undefined;
    return { dkernel, dbias, dx: others[0] };
  }
  const attributes = placesOf(kernel.shape, stride);
  const dz = y ? reluGradient(dy, y) : dy;
  const dbias = bias ? tf.sum(dz, [0, 1, 2]) : undefined;
  const [dkernel] = runKernel(
    "Conv2DBackpropFilter",
    { x, dy: dz },
    { ...attributes, filterShape: kernel.shape },
  ) as [tf.Tensor];
  const [dx] = input
    ? runKernel(
      "Conv2DBackpropInput",
      { dy: dz, filter: kernel },
      { ...attributes, inputShape: x.shape },
    )
    : [];
  if (dz !== dy) dz.dispose();
  return { dkernel, dbias, dx };
}

/** In the place of a gradient that tfjs asks for and nobody reads. */
export function unread(): tf.Tensor {
  return tf.zeros([1, 1, 1, 1]);
}
