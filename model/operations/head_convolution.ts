import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "@unet/device/run-kernel";
import { convolutionGradients } from "./convolution_gradients.ts";

const attributes = {
  strides: 1,
  pad: "same",
  dataFormat: "NHWC",
  dimRoundingMode: null,
} as const;

/**
 * The head: a convolution that keeps the size, with bias, without ReLU, with
 * its gradient.
 *
 * @param x Features `[N, H, W, in]`.
 * @param kernel Kernel `[k, k, in, out]`.
 * @param bias Bias `[out]`.
 * @returns Features `[N, H, W, out]`.
 */
export function headConvolution(
  x: tf.Tensor4D,
  kernel: tf.Tensor,
  bias: tf.Tensor,
): tf.Tensor4D {
  const convolve = tf.customGrad((x, kernel, bias, save) => {
    const [y] = runKernel(
      "FusedConv2D",
      {
        x: x as tf.Tensor,
        filter: kernel as tf.Tensor,
        bias: bias as tf.Tensor,
      },
      {
        ...attributes,
        dilations: 1,
        activation: "linear",
        leakyreluAlpha: 0,
      },
    ) as [tf.Tensor4D];
    (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      const { dx, dkernel, dbias } = convolutionGradients(
        { dy, x, kernel },
        { bias: true, input: true },
      );
      tf.dispose([dy, x]);
      return [dx!, dkernel, dbias!];
    };
    return { value: y, gradFunc };
  });
  return convolve(x, kernel, bias) as tf.Tensor4D;
}
