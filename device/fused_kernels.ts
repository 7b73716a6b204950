/**
 * The fused kernels that a device may offer besides tfjs' own, and what each
 * computes. The model asks the current backend for them by name and composes
 * stock kernels where one is missing, so that every device gives the same
 * numbers and a fast one gives them sooner.
 *
 * All tensors are float32. `C` is the number of channels, the last dimension.
 *
 * @module
 */

/** Names of the fused kernels, as registered with `tf.registerKernel`. */
export const fusedKernels = {
  /**
   * Batch norm on the batch's own statistics, with ReLU if asked.
   *
   * Inputs `x [N,H,W,C]`, `scale [C]`, `offset [C]`; attributes
   * {@linkcode BatchNormTrainAttrs}. Outputs `[y [N,H,W,C], mean [C],
   * variance [C]]`, the variance biased (divided by N·H·W), as it normalizes.
   */
  batchNormTrain: "UnetBatchNormTrain",
  /**
   * The gradient of {@linkcode fusedKernels.batchNormTrain}.
   *
   * Inputs `dy`, `x`, `y` `[N,H,W,C]`, `scale`, `mean`, `variance` `[C]`;
   * attributes {@linkcode BatchNormTrainAttrs}. `y` tells where ReLU cut.
   * Outputs `[dx [N,H,W,C], dscale [C], doffset [C]]`.
   */
  batchNormTrainGrad: "UnetBatchNormTrainGrad",
  /** Inputs `dy`, `y`; output `dy` where `y > 0`, else 0. */
  reluGrad: "UnetReluGrad",
} as const;

/** Attributes of the two batch norm kernels. */
export interface BatchNormTrainAttrs {
  /** Added to the variance. */
  epsilon: number;
  /** Whether ReLU follows. */
  relu: boolean;
}
