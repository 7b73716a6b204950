import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "@unet/device/run-kernel";

const attributes = {
  strides: 2,
  pad: "valid",
  dataFormat: "NHWC",
  dimRoundingMode: null,
} as const;

/**
 * The up-convolution: a transposed 2×2 convolution of stride 2, with its
 * gradient.
 *
 * @param x Features `[N, H, W, in]`.
 * @param kernel Kernel `[2, 2, out, in]`.
 * @param bias Bias `[out]`.
 * @returns Features `[N, 2H, 2W, out]`.
 */
export function upConvolution(
  x: tf.Tensor4D,
  kernel: tf.Tensor,
  bias: tf.Tensor,
): tf.Tensor4D {
  const up = tf.customGrad((x, kernel, bias, save) => {
    const [count, height, width] = (x as tf.Tensor4D).shape;
    const output = (kernel as tf.Tensor4D).shape[2];
    const [bare] = runKernel(
      "Conv2DBackpropInput",
      { dy: x as tf.Tensor, filter: kernel as tf.Tensor },
      {
        ...attributes,
        inputShape: [count, 2 * height, 2 * width, output],
      },
    ) as [tf.Tensor4D];
    const y = tf.add<tf.Tensor4D>(bare, bias as tf.Tensor);
    tf.dispose(bare);
    (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      const [dx] = runKernel(
        "Conv2D",
        { x: dy, filter: kernel },
        { ...attributes, dilations: 1 },
      ) as [tf.Tensor];
      const [dkernel] = runKernel(
        "Conv2DBackpropFilter",
        { x: dy, dy: x },
        { ...attributes, filterShape: kernel.shape },
      ) as [tf.Tensor];
      const dbias = tf.sum(dy, [0, 1, 2]);
      tf.dispose([dy, x]);
      return [dx, dkernel, dbias];
    };
    return { value: y, gradFunc };
  });
  return up(x, kernel, bias) as tf.Tensor4D;
}
