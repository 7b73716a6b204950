import * as tf from "@tensorflow/tfjs-core";

/**
 * Runs a function as a constant of automatic differentiation: tfjs records
 * none of its operations and keeps none of their inputs for a gradient.
 */
export function withoutGradient<Result extends tf.Tensor>(
  compute: () => Result,
): Result {
  const constant = tf.customGrad(() => ({
    value: compute(),
    gradFunc: () => [],
  }));
  return constant() as Result;
}
