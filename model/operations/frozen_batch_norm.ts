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
  const factor = constant(() =>
    tf.mul(scale, tf.rsqrt(tf.add(variance, batchNormEpsilon)))
  );
  const shift = constant(() => tf.sub(offset, tf.mul(mean, factor)));
  return {
    kernel: scaled(kernel, factor),
    bias: bias ? scaled(bias, factor, shift) : shift,
  };
}

function constant(compute: () => tf.Tensor): tf.Tensor {
  return withoutGradient(compute as () => tf.Tensor4D);
}

/** `x · factor + shift`, where only `x` is trained. */
function scaled(
  x: tf.Tensor,
  factor: tf.Tensor,
  shift?: tf.Tensor,
): tf.Tensor {
  const product = tf.mul(x, factor);
  return shift ? tf.add(product, shift) : product;
}
