import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "@unet/device/run-kernel";
import { concatenate } from "./concatenate.ts";

/** What {@linkcode upNearest} joins. */
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
  const attributes = {
    size: [2 * height, 2 * width],
    alignCorners: false,
    halfPixelCenters: false,
  };
  const repeat = tf.customGrad((x, save) => {
    const images = x as tf.Tensor4D;
    const [value] = runKernel("ResizeNearestNeighbor", { images }, attributes);
    // It is kept anyway, by the ReLU that gave it.
    (save as tf.GradSaveFunc)(needsGradient ? [images] : []);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor => {
      const [images] = saved;
      if (images === undefined) {
        dy.dispose();
        return tf.zeros([1, 1, 1, 1]);
      }
      const { size: _, ...rest } = attributes;
      const [dx] = runKernel("ResizeNearestNeighborGrad", { images, dy }, rest);
      tf.dispose([dy, images]);
      return dx!;
    };
    return { value: value as tf.Tensor4D, gradFunc };
  });
  return repeat(x) as tf.Tensor4D;
}
