import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { reluGradient } from "./batch_norm.ts";
import { unread } from "./convolution_gradients.ts";
import { withoutGradient } from "./without_gradient.ts";

/** Which gradients {@linkcode addRelu} gives. */
export interface AddOptions {
  /** Whether anything before the first features is trained. */
  readonly needsFirstGradient: boolean;
  /** Whether anything before the second features is trained. */
  readonly needsSecondGradient: boolean;
}

/**
 * The sum of two features, then ReLU, with the gradient: how a residual block
 * ends (He et al., 2016). By the device's fused kernel if it has one.
 *
 * @param a Features `[N, H, W, C]`.
 * @param b Features of the same shape.
 * @param options Which gradients are needed.
 * @returns Features of the same shape.
 */
export function addRelu(
  a: tf.Tensor4D,
  b: tf.Tensor4D,
  { needsFirstGradient, needsSecondGradient }: AddOptions,
): tf.Tensor4D {
  if (!needsFirstGradient && !needsSecondGradient) {
    return withoutGradient(() => sum(a, b));
  }
  const join = tf.customGrad((a, b, save) => {
    const value = sum(a as tf.Tensor4D, b as tf.Tensor4D);
    (save as tf.GradSaveFunc)([value]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [y] = saved as [tf.Tensor4D];
      const dz = reluGradient(dy, y);
      tf.dispose([dy, y]);
      const gradients = [
        needsFirstGradient ? dz.clone() : unread(),
        needsSecondGradient ? dz.clone() : unread(),
      ];
      dz.dispose();
      return gradients;
    };
    return { value, gradFunc };
  });
  return join(a, b) as tf.Tensor4D;
}

function sum(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  if (hasKernel(fusedKernels.addRelu)) {
    return runKernel(fusedKernels.addRelu, { a, b })[0] as tf.Tensor4D;
  }
  return tf.tidy(() => tf.relu(tf.add<tf.Tensor4D>(a, b)));
}
