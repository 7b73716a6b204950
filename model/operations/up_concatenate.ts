import * as tf from "@tensorflow/tfjs-core";
import {
  fusedKernels,
  type UpConcatGradAttrs,
} from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { concatenate } from "./concatenate.ts";
import { unread } from "./convolution_gradients.ts";
import { upConvolution } from "./up_convolution.ts";

/** The tensors that a decoder step starts from. */
export interface UpConcatTensors {
  /** Features from below `[N, H, W, in]`. */
  readonly x: tf.Tensor4D;
  /** Kernel of the up-convolution `[2, 2, out, in]`. */
  readonly kernel: tf.Tensor;
  /** Bias of the up-convolution `[out]`. */
  readonly bias: tf.Tensor;
  /** Features of the skip connection `[N, 2H, 2W, S]`. */
  readonly skip: tf.Tensor4D;
}

/**
 * The up-convolution and, behind its channels, the skip connection: how each
 * decoder step begins. By the device's fused kernel if it has one.
 *
 * @param tensors What it starts from.
 * @param needsSkipGradient Whether anything before the skip connection is
 * trained.
 * @returns Features `[N, 2H, 2W, out + S]`.
 */
export function upConcatenate(
  { x, kernel, bias, skip }: UpConcatTensors,
  needsSkipGradient: boolean,
): tf.Tensor4D {
  if (!hasKernel(fusedKernels.upConcat)) {
    return tf.tidy(() =>
      concatenate(upConvolution(x, kernel, bias), skip, needsSkipGradient)
    );
  }
  const join = tf.customGrad((...given) => {
    const [x, kernel, bias, skip, save] = given;
    const inputs = { x, kernel, bias, skip } as Record<string, tf.Tensor>;
    const [value] = runKernel(fusedKernels.upConcat, inputs) as [tf.Tensor4D];
    (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel] = saved as [tf.Tensor4D, tf.Tensor4D];
      const [dx, dkernel, dbias, dskip = unread()] = runKernel(
        fusedKernels.upConcatGrad,
        { dy, x, kernel },
        { skip: needsSkipGradient } satisfies UpConcatGradAttrs,
      ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
      tf.dispose([dy, x]);
      return [dx, dkernel, dbias, dskip];
    };
    return { value, gradFunc };
  });
  return join(x, kernel, bias, skip) as tf.Tensor4D;
}
