import * as tf from "@tensorflow/tfjs-core";
import type { SharedBatch } from "../model.ts";
import {
  batchNormEpsilon,
  type NormalizedBatch,
  type NormalizedBatchGradients,
  type NormalizedParts,
  type NormalizeOptions,
  reluGradient,
} from "./batch_norm.ts";

/**
 * `normalizeBatch()` on the statistics of a batch of which other processes have
 * parts, as PyTorch's `SyncBatchNorm`.
 *
 * @param z Features `[N, H, W, C]` of this process's part.
 * @param options Scale, offset, and whether ReLU follows.
 * @param shared The batch.
 * @returns The normalized features, the whole batch's statistics, and how many
 * values per channel it has.
 */
export function normalizeSharedBatch(
  z: tf.Tensor4D,
  { scale, offset, relu = true }: NormalizeOptions,
  shared: SharedBatch,
): NormalizedBatch & { readonly count: number } {
  const { mean, variance, count } = sharedStatistics(z, shared);
  const y = tf.tidy(() => {
    const normalized = tf.batchNorm(
      ...[z, mean, variance] as const,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      batchNormEpsilon,
    ) as tf.Tensor4D;
    return relu ? tf.relu(normalized) : normalized;
  });
  return { y, mean, variance, count };
}

/** In double precision, where a mean far from 0 costs no digits. */
function sharedStatistics(
  z: tf.Tensor4D,
  { images, sum }: SharedBatch,
): { mean: tf.Tensor1D; variance: tf.Tensor1D; count: number } {
  const [tiles, height, width, channels] = z.shape;
  const own = images === 0 ? 0 : tiles * height * width;
  const ownMean = tf.mean<tf.Tensor1D>(z, [0, 1, 2]);
  const ownVariance = tf.tidy(() =>
    tf.mean<tf.Tensor1D>(tf.square(tf.sub(z, ownMean)), [0, 1, 2])
  );
  const means = ownMean.dataSync<"float32">();
  const variances = ownVariance.dataSync<"float32">();
  tf.dispose([ownMean, ownVariance]);
  const sums = new Float64Array(1 + 2 * channels);
  sums[0] = own;
  for (let c = 0; c < channels; c++) {
    sums[1 + c] = own * means[c]!;
    sums[1 + channels + c] = own * (variances[c]! + means[c]! ** 2);
  }
  sum(sums);
  const count = sums[0]!;
  const mean = new Float32Array(channels),
    variance = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const average = sums[1 + c]! / count;
    mean[c] = average;
    variance[c] = Math.max(0, sums[1 + channels + c]! / count - average ** 2);
  }
  return { mean: tf.tensor1d(mean), variance: tf.tensor1d(variance), count };
}

/**
 * The gradients of {@linkcode normalizeSharedBatch}: that by the features takes
 * the sums over the whole batch, those by scale and offset are this process's
 * parts.
 *
 * @param dy The gradient by `y`.
 * @param z The features that went in.
 * @param parts Scale, the batch's statistics and the batch.
 */
export function normalizeSharedBatchGradients(
  dy: tf.Tensor4D,
  z: tf.Tensor4D,
  { scale, batch: { y, mean, variance }, shared: { images, sum }, count }:
    & NormalizedParts
    & { readonly shared: SharedBatch; readonly count: number },
): NormalizedBatchGradients {
  const channels = z.shape[3];
  const [dz, dscale, doffset] = tf.tidy(() => {
    const cut = y ? reluGradient(dy, y) : dy;
    const inverse = tf.rsqrt(tf.add(variance, batchNormEpsilon));
    const normalized = tf.mul(tf.sub(z, mean), inverse);
    const doffset = tf.sum<tf.Tensor1D>(cut, [0, 1, 2]);
    const dscale = tf.sum<tf.Tensor1D>(tf.mul(cut, normalized), [0, 1, 2]);
    const sums = new Float64Array(2 * channels);
    sums.set(doffset.dataSync());
    sums.set(dscale.dataSync(), channels);
    sum(sums);
    const perValue = (from: number): tf.Tensor1D =>
      tf.tensor1d(
        Float32Array.from(
          sums.subarray(from, from + channels),
          (value) => value / count,
        ),
      );
    const centered = tf.sub(
      tf.sub(cut, perValue(0)),
      tf.mul(normalized, perValue(channels)),
    );
    const dz = images === 0
      ? tf.zerosLike(z)
      : tf.mul<tf.Tensor4D>(centered, tf.mul(scale, inverse));
    return [dz, dscale, doffset] as const;
  }) as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { dz, dscale, doffset };
}
