import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import { concatenate } from "./concatenate.ts";
import { withoutGradient } from "./without_gradient.ts";

/** The tensors that {@linkcode upNearest} joins. */
export interface UpNearestOptions {
  /** Features of the skip connection `[N, 2H, 2W, S]`; none by default. */
  readonly skip?: tf.Tensor4D | undefined;
  /** Whether anything before the input is trained. */
  readonly needsGradient: boolean;
  /** Whether anything before the skip connection is trained. */
  readonly needsSkipGradient: boolean;
}

/**
 * Repeats each pixel twice along both axes, and concatenates the skip
 * connection after its channels, with the gradient: how each decoder step of
 * segmentation_models.pytorch begins.
 *
 * @param x Features `[N, H, W, C]`.
 * @param options The skip connection, and which gradients are needed.
 * @returns Features `[N, 2H, 2W, C + S]`.
 */
export function upNearest(
  x: tf.Tensor4D,
  { skip, needsGradient, needsSkipGradient }: UpNearestOptions,
): tf.Tensor4D {
  if (skip === undefined) return doubled(x, needsGradient);
  return tf.tidy(() =>
    concatenate(doubled(x, needsGradient), skip, needsSkipGradient)
  );
}

function doubled(x: tf.Tensor4D, needsGradient: boolean): tf.Tensor4D {
  const [, height, width] = x.shape;
  const forward = (): tf.Tensor4D =>
    runKernel("ResizeNearestNeighbor", { images: x }, {
      size: [2 * height, 2 * width],
      alignCorners: false,
      halfPixelCenters: false,
    })[0] as tf.Tensor4D;
  if (!needsGradient) return withoutGradient(forward);
  const repeat = tf.customGrad(() => ({
    value: forward(),
    gradFunc: (dy: tf.Tensor4D): tf.Tensor => {
      const dx = summed(dy);
      dy.dispose();
      return dx;
    },
  }));
  return repeat(x) as tf.Tensor4D;
}

/** The sums of 2×2 pixels. */
function summed(dy: tf.Tensor4D): tf.Tensor4D {
  if (hasKernel(fusedKernels.upNearestGrad)) {
    return runKernel(fusedKernels.upNearestGrad, { dy })[0] as tf.Tensor4D;
  }
  const [count, height, width, channels] = dy.shape;
  const rows = count * height / 2, columns = width / 2;
  return tf.tidy(() => {
    const byRow = tf.reshape(dy, [rows, 2, width * channels]);
    const byColumn = tf.reshape(tf.sum(byRow, 1), [
      rows * columns,
      2,
      channels,
    ]);
    return tf.reshape(tf.sum(byColumn, 1), [
      count,
      height / 2,
      columns,
      channels,
    ]);
  });
}
