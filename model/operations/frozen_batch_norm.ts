import * as tf from "@tensorflow/tfjs-core";
import { batchNormEpsilon } from "./batch_norm.ts";
import type { BlockWeights } from "./convolution_block.ts";
import { withoutGradient } from "./without_gradient.ts";

/**
 * Folds a batch norm that stays as it is into the convolution before it, with
 * the gradients of kernel and bias: the block then trains as one without.
 *
 * @param weights The block's tensors.
 * @returns Kernel and bias; those given, where there is no batch norm.
 */
export function foldFrozen(
  { kernel, bias, batchNorm }: BlockWeights,
): BlockWeights {
  if (batchNorm === undefined) return { kernel, bias };
  const { scale, offset, mean, variance } = batchNorm;
  const factor = withoutGradient(() =>
    tf.mul(scale, tf.rsqrt(tf.add(variance, batchNormEpsilon)))
  );
  const shift = withoutGradient(() => tf.sub(offset, tf.mul(mean, factor)));
  return {
    kernel: scaled(kernel, factor),
    bias: bias ? scaled(bias, factor, shift) : shift,
  };
}

/** `x · factor + shift`, where only `x` is trained; keeps the factor alone. */
function scaled(
  x: tf.Tensor,
  factor: tf.Tensor,
  shift?: tf.Tensor,
): tf.Tensor {
  const scale = tf.customGrad((x, save) => {
    const product = tf.mul(x as tf.Tensor, factor);
    (save as tf.GradSaveFunc)([factor]);
    return {
      value: shift ? tf.add(product, shift) : product,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
        tf.mul(dy, saved[0]!),
    };
  });
  return scale(x);
}
