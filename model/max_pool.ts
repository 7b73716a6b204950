import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "@unet/device/run-kernel";
import { withoutGradient } from "./_without_gradient.ts";

const attributes = {
  filterSize: 2,
  strides: 2,
  pad: "valid",
  dimRoundingMode: null,
} as const;

/**
 * Max pooling 2×2 of stride 2, with its gradient.
 *
 * @param x Features `[N, H, W, C]`, height and width even.
 * @param needsGradient Whether anything before `x` is trained; if not, `x` is
 * not kept.
 * @returns Features `[N, H/2, W/2, C]`.
 */
export function maxPool(x: tf.Tensor4D, needsGradient: boolean): tf.Tensor4D {
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
