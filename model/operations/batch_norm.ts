import * as tf from "@tensorflow/tfjs-core";
import {
  type BatchNormTrainAttrs,
  fusedKernels,
} from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";

/** Added to the variance, as in PyTorch's `BatchNorm2d`. */
export const batchNormEpsilon = 1e-5;

/** The share of a new batch in the running statistics, as in PyTorch. */
export const statisticsMomentum = 0.1;

/** The result of batch norm in training. */
export interface NormalizedBatch {
  /** The normalized features `[N, H, W, C]`, after ReLU. */
  readonly y: tf.Tensor4D;
  /** The batch's mean `[C]`. */
  readonly mean: tf.Tensor1D;
  /** The batch's biased variance `[C]`. */
  readonly variance: tf.Tensor1D;
}

/** Scales and offsets of batch norm, and whether ReLU follows. */
export interface NormalizeOptions {
  /** Scale `[C]`. */
  readonly scale: tf.Tensor;
  /** Offset `[C]`. */
  readonly offset: tf.Tensor;
  /** Whether ReLU follows; true by default. */
  readonly relu?: boolean;
}

/**
 * Batch norm on the batch's own statistics and ReLU (Ioffe and Szegedy,
 * 2015), by the device's fused kernel if it has one.
 *
 * @param z Features `[N, H, W, C]`.
 * @param options Scale, offset, and whether ReLU follows.
 * @returns The normalized features and the statistics.
 */
export function normalizeBatch(
  z: tf.Tensor4D,
  { scale, offset, relu = true }: NormalizeOptions,
): NormalizedBatch {
  const attributes: BatchNormTrainAttrs = { epsilon: batchNormEpsilon, relu };
  if (hasKernel(fusedKernels.batchNormTrain)) {
    const [y, mean, variance] = runKernel(
      fusedKernels.batchNormTrain,
      { x: z, scale, offset },
      { ...attributes },
    );
    return {
      y: y as tf.Tensor4D,
      mean: mean as tf.Tensor1D,
      variance: variance as tf.Tensor1D,
    };
  }
  const mean = tf.mean<tf.Tensor1D>(z, [0, 1, 2]);
  const variance = tf.tidy(() =>
    tf.mean<tf.Tensor1D>(tf.square(tf.sub(z, mean)), [0, 1, 2])
  );
  const y = tf.tidy(() => {
    const normalized = tf.batchNorm(
      z,
      mean,
      variance,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      batchNormEpsilon,
    ) as tf.Tensor4D;
    return relu ? tf.relu(normalized) : normalized;
  });
  return { y, mean, variance };
}

/** What the gradients of batch norm are computed from, besides features. */
export interface NormalizedParts {
  /** The scale. */
  readonly scale: tf.Tensor;
  /** What {@linkcode normalizeBatch} gave; without `y` where no ReLU is. */
  readonly batch: Omit<NormalizedBatch, "y"> & {
    readonly y?: tf.Tensor4D | undefined;
  };
}

/** The gradients of {@linkcode normalizeBatch}. */
export interface NormalizedBatchGradients {
  /** By the features `[N, H, W, C]`. */
  readonly dz: tf.Tensor4D;
  /** By the scale `[C]`. */
  readonly dscale: tf.Tensor1D;
  /** By the offset `[C]`. */
  readonly doffset: tf.Tensor1D;
}

/**
 * The gradients of {@linkcode normalizeBatch}, in closed form rather than
 * through the fifty operations that automatic differentiation would record.
 *
 * @param dy The gradient by `y`.
 * @param z The features that went in.
 * @param parts The scale, and what {@linkcode normalizeBatch} gave.
 * @returns The gradients by features, scale and offset.
 */
export function normalizeBatchGradients(
  dy: tf.Tensor4D,
  z: tf.Tensor4D,
  { scale, batch: { y, mean, variance } }: NormalizedParts,
): NormalizedBatchGradients {
  const relu = y !== undefined;
  if (hasKernel(fusedKernels.batchNormTrainGrad)) {
    const attributes: BatchNormTrainAttrs = { epsilon: batchNormEpsilon, relu };
    const [dz, dscale, doffset] = runKernel(
      fusedKernels.batchNormTrainGrad,
      // Without ReLU nothing reads y; its place must have its shape.
      { dy, x: z, y: y ?? z, scale, mean, variance },
      { ...attributes },
    );
    return {
      dz: dz as tf.Tensor4D,
      dscale: dscale as tf.Tensor1D,
      doffset: doffset as tf.Tensor1D,
    };
  }
  const count = z.size / z.shape[3];
  const [dz, dscale, doffset] = tf.tidy(() => {
    const cut = relu ? reluGradient(dy, y) : dy;
    const inverse = tf.rsqrt(tf.add(variance, batchNormEpsilon));
    const normalized = tf.mul(tf.sub(z, mean), inverse);
    const doffset = tf.sum<tf.Tensor1D>(cut, [0, 1, 2]);
    const dscale = tf.sum<tf.Tensor1D>(tf.mul(cut, normalized), [0, 1, 2]);
    const centered = tf.sub(
      tf.sub(cut, tf.div(doffset, count)),
      tf.mul(normalized, tf.div(dscale, count)),
    );
    const dz = tf.mul<tf.Tensor4D>(centered, tf.mul(scale, inverse));
    return [dz, dscale, doffset] as const;
  }) as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { dz, dscale, doffset };
}

/**
 * The gradient of ReLU: `dy` where the output was positive.
 *
 * @param dy The gradient by the output.
 * @param y The output.
 * @returns The gradient by the input.
 */
export function reluGradient(dy: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  if (hasKernel(fusedKernels.reluGrad)) {
    return runKernel(fusedKernels.reluGrad, { dy, y })[0] as tf.Tensor4D;
  }
  return tf.tidy(() => tf.mul<tf.Tensor4D>(dy, tf.step(y)));
}

/** Options for updating the running statistics. */
export interface StatisticsOptions {
  /** Added to the batch's mean: a bias that batch norm cancels; none if absent. */
  readonly shift?: tf.Tensor | undefined;
  /** Values per channel in the batch: N·H·W. */
  readonly count: number;
  /** The batch's share in what they become; PyTorch's by default. */
  readonly momentum?: number | undefined;
}

/**
 * Moves running statistics toward a batch's, as PyTorch's `BatchNorm2d` does:
 * by its momentum, and with the variance made unbiased.
 *
 * @param running The running mean and variance.
 * @param batch The batch's.
 * @param options What joins them, and how much.
 */
export function updateStatistics(
  running: { readonly mean: tf.Variable; readonly variance: tf.Variable },
  batch: Pick<NormalizedBatch, "mean" | "variance">,
  { shift, count, momentum = statisticsMomentum }: StatisticsOptions,
): void {
  // A single value has no unbiased variance; its biased one, 0, is taken.
  const unbias = count / Math.max(1, count - 1);
  const toward = (variable: tf.Variable, value: tf.Tensor): void => {
    const next = tf.add(
      tf.mul(variable, 1 - momentum),
      tf.mul(value, momentum),
    );
    variable.assign(next);
  };
  tf.tidy(() => {
    toward(running.mean, shift ? tf.add(batch.mean, shift) : batch.mean);
    toward(running.variance, tf.mul(batch.variance, unbias));
  });
}
