import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "@unet/device/run-kernel";
import { withoutGradient } from "./without_gradient.ts";

/** How {@linkcode maxPool} pools. */
export interface PoolOptions {
  /** Height and width of a window: 2; or 3, one pixel of padding around. */
  readonly size: 2 | 3;
  /**
   * Whether anything before the input is trained; if not, the input is not
   * kept.
   */
  readonly needsGradient: boolean;
}

/**
 * Max pooling of stride 2, with its gradient: VGG's of 2×2, ResNet's of 3×3.
 *
 * @param x Features `[N, H, W, C]`, height and width even.
 * @param options The windows, and whether there is a gradient.
 * @returns Features `[N, H/2, W/2, C]`.
 */
export function maxPool(
  x: tf.Tensor4D,
  { size, needsGradient }: PoolOptions,
): tf.Tensor4D {
  const attributes = {
    filterSize: size,
    strides: 2,
    pad: size === 2 ? "valid" : 1,
    dimRoundingMode: null,
  } as const;
  const forward = (): tf.Tensor4D =>
    runKernel("MaxPool", { x }, { ...attributes })[0] as tf.Tensor4D;
  if (!needsGradient) return withoutGradient(forward);
  const pool = tf.customGrad((x, save) => {
    const y = forward();
    (save as tf.GradSaveFunc)([x as tf.Tensor, y]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor => {
      const [input, output] = saved as [tf.Tensor, tf.Tensor];
      const [dx] = runKernel(
        "MaxPoolGrad",
        { dy, input, output },
        { ...attributes },
      ) as [tf.Tensor];
      tf.dispose([dy, input, output]);
      return dx;
    };
    return { value: y, gradFunc };
  });
  return pool(x) as tf.Tensor4D;
}
