import type * as tf from "@tensorflow/tfjs-core";

/**
 * A loss function: compares logits with their targets.
 *
 * @param logits Scores before the sigmoid, `[N, H, W, C]`, any range.
 * @param target 1 on objects and 0 on background, or probabilities between,
 * of the same shape.
 * @param weights How much each element counts, of the same shape; only
 * `weightedCrossEntropy` looks at them.
 * @returns One number, differentiable with respect to the logits (the target
 * is a constant). The caller disposes it.
 * @throws {TypeError} If the shapes differ.
 */
export type Loss =
  & ((
    logits: tf.Tensor4D,
    target: tf.Tensor4D,
    weights?: tf.Tensor4D,
  ) => tf.Scalar)
  & LossTraits;

/** Properties of a loss. */
export interface LossTraits {
  /**
   * Whether the loss of several images is the mean of their own losses. If not,
   * ranks that share a batch exchange logits and ground truth.
   */
  readonly isMeanOfImages?: boolean;
}
