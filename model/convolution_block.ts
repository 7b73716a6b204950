import * as tf from "@tensorflow/tfjs-core";
import {
  batchNormEpsilon,
  normalizeBatch,
  normalizeBatchGradients,
  type NormalizedBatch,
  statisticsMomentum,
  updateStatistics,
} from "./batch_norm.ts";
import { convolutionGradients, unread } from "./convolution_gradients.ts";
import {
  type ConvolutionUse,
  fusedKernels,
  type Int8ConvolutionAttrs,
} from "@unet/device/fused-kernels";
import { runKernel } from "@unet/device/run-kernel";
import { withoutGradient } from "./_without_gradient.ts";

/** The tensors of a convolution and the batch norm after it, if there is one. */
export interface BlockWeights {
  /** Kernel `[3, 3, in, out]`. */
  readonly kernel: tf.Tensor;
  /** Bias `[out]`. */
  readonly bias: tf.Tensor;
  /** The batch norm between convolution and ReLU. */
  readonly batchNorm?: {
    /** Scale `[out]`. */
    readonly scale: tf.Tensor;
    /** Offset `[out]`. */
    readonly offset: tf.Tensor;
    /** Running mean `[out]`. */
    readonly mean: tf.Variable;
    /** Running variance `[out]`. */
    readonly variance: tf.Variable;
  } | undefined;
}

const attributes = {
  strides: 1,
  pad: "same",
  dataFormat: "NHWC",
  dilations: 1,
  dimRoundingMode: null,
} as const;

const inference: ConvolutionUse = { inference: true };

/** A convolution's kernel and bias, batch norm folded in. */
export interface FoldedBlock {
  /** Kernel `[3, 3, in, out]`. */
  readonly kernel: tf.Tensor;
  /** Bias `[out]`. */
  readonly bias: tf.Tensor;
}

/**
 * Convolution and ReLU, as one fused convolution.
 *
 * @param x Features `[N, H, W, in]`.
 * @param folded What {@linkcode foldBatchNorm} gave.
 * @returns Features `[N, H, W, out]`; no gradient flows through.
 */
export function inferBlock(
  x: tf.Tensor4D,
  { kernel, bias }: FoldedBlock,
): tf.Tensor4D {
  return withoutGradient(() =>
    runKernel(
      "FusedConv2D",
      { x, filter: kernel, bias },
      {
        ...attributes,
        activation: "relu",
        leakyreluAlpha: 0,
        ...inference,
      },
    )[0] as tf.Tensor4D
  );
}

/**
 * {@linkcode inferBlock} on numbers of eight bits.
 *
 * @param x Features `[N, H, W, in]`.
 * @param folded What {@linkcode foldBatchNorm} gave.
 * @param limits How large numbers get.
 * @returns Features `[N, H, W, out]`; no gradient flows through.
 */
export function inferBlockInt8(
  x: tf.Tensor4D,
  { kernel, bias }: FoldedBlock,
  limits: Int8ConvolutionAttrs,
): tf.Tensor4D {
  return withoutGradient(() =>
    runKernel(fusedKernels.int8Convolution, { x, kernel, bias }, {
      ...limits,
    })[0] as tf.Tensor4D
  );
}

/**
 * Folds batch norm on running statistics into the convolution before it.
 *
 * @param weights The block's tensors.
 * @returns Kernel and bias; without batch norm, the block's own.
 */
export function foldBatchNorm(
  { kernel, bias, batchNorm }: BlockWeights,
): FoldedBlock {
  if (batchNorm === undefined) return { kernel, bias };
  const factor = tf.mul(
    batchNorm.scale,
    tf.rsqrt(tf.add(batchNorm.variance, batchNormEpsilon)),
  );
  return {
    kernel: tf.mul(kernel, factor),
    bias: tf.add(
      tf.mul(tf.sub(bias, batchNorm.mean), factor),
      batchNorm.offset,
    ),
  };
}

/**
 * Convolution, batch norm on the batch's statistics (or none) and ReLU, as
 * one operation with its gradient; moves the running statistics.
 *
 * @param x Features `[N, H, W, in]`.
 * @param weights The block's tensors.
 * @param needsInputGradient Whether anything before `x` is trained.
 * @param momentum The batch's share in the running statistics.
 * @returns Features `[N, H, W, out]`.
 */
export function trainBlock(
  x: tf.Tensor4D,
  weights: BlockWeights,
  needsInputGradient: boolean,
  momentum: number = statisticsMomentum,
): tf.Tensor4D {
  const { batchNorm } = weights;
  return batchNorm === undefined
    ? trainPlain(x, weights, needsInputGradient)
    : trainNormalized(
      x,
      { ...weights, batchNorm },
      needsInputGradient,
      momentum,
    );
}

/** The tensors of a block with batch norm. */
interface NormalizedBlockWeights extends BlockWeights {
  readonly batchNorm: NonNullable<BlockWeights["batchNorm"]>;
}

function trainPlain(
  x: tf.Tensor4D,
  weights: BlockWeights,
  needsInputGradient: boolean,
): tf.Tensor4D {
  const block = tf.customGrad((x, kernel, bias, save) => {
    const [y] = runKernel(
      "FusedConv2D",
      {
        x: x as tf.Tensor,
        filter: kernel as tf.Tensor,
        bias: bias as tf.Tensor,
      },
      { ...attributes, activation: "relu", leakyreluAlpha: 0 },
    ) as [tf.Tensor4D];
    (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor, y]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, y] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const { dx = unread(), dkernel, dbias } = convolutionGradients(
        { dy, x, kernel, y },
        { bias: true, input: needsInputGradient },
      );
      tf.dispose([dy, x, y]);
      return [dx, dkernel, dbias!];
    };
    return { value: y, gradFunc };
  });
  return block(x, weights.kernel, weights.bias) as tf.Tensor4D;
}

function trainNormalized(
  x: tf.Tensor4D,
  weights: NormalizedBlockWeights,
  needsInputGradient: boolean,
  momentum: number,
): tf.Tensor4D {
  const { batchNorm } = weights;
  const block = tf.customGrad((x, kernel, bias, scale, offset, save) => {
    // The bias is left out of the sum: batch norm subtracts it again.
    const [z] = runKernel(
      "Conv2D",
      { x: x as tf.Tensor, filter: kernel as tf.Tensor },
      { ...attributes },
    ) as [tf.Tensor4D];
    const batch = normalizeBatch(z, scale as tf.Tensor, offset as tf.Tensor);
    const count = z.size / z.shape[3];
    updateStatistics(batchNorm, batch, bias as tf.Tensor, count, momentum);
    (save as tf.GradSaveFunc)([
      x as tf.Tensor,
      kernel as tf.Tensor,
      z,
      batch.y,
      batch.mean,
      batch.variance,
      scale as tf.Tensor,
    ]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, z, y, mean, variance, scale] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const batch: NormalizedBatch = { y, mean, variance };
      const { dz, dscale, doffset } = normalizeBatchGradients(
        dy,
        z,
        scale,
        batch,
      );
      tf.dispose([dy, z, y]);
      const dbias = tf.zerosLike(doffset);
      const { dx = unread(), dkernel } = convolutionGradients(
        { dy: dz, x, kernel },
        { bias: false, input: needsInputGradient },
      );
      tf.dispose([dz, x]);
      return [dx, dkernel, dbias, dscale, doffset];
    };
    return { value: batch.y, gradFunc };
  });
  return block(
    x,
    weights.kernel,
    weights.bias,
    batchNorm.scale,
    batchNorm.offset,
  ) as tf.Tensor4D;
}
