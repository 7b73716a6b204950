import * as tf from "@tensorflow/tfjs-core";
import {
  batchNormEpsilon,
  normalizeBatch,
  normalizeBatchGradients,
  updateStatistics,
} from "./batch_norm.ts";
import { convolutionGradients, unread } from "./convolution_gradients.ts";
import { placesOf } from "./convolution_places.ts";
import {
  type ConvolutionUse,
  fusedKernels,
  type Int8ConvolutionAttrs,
} from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import type { SharedBatch } from "../model.ts";
import {
  normalizeSharedBatch,
  normalizeSharedBatchGradients,
} from "./synchronized_batch_norm.ts";
import { withoutGradient } from "./without_gradient.ts";

/** The tensors of a convolution and the batch norm after it, if there is one. */
export interface BlockWeights {
  /** Kernel `[k, k, in, out]`. */
  readonly kernel: tf.Tensor;
  /** Bias `[out]`; absent only before a batch norm. */
  readonly bias?: tf.Tensor | undefined;
  /** The batch norm after the convolution. */
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

/** The operations of a block in addition to its convolution. */
export interface BlockOptions {
  /** Pixels from one output to the next; 1 by default. */
  readonly stride?: 1 | 2;
  /** Whether ReLU follows; true by default. */
  readonly relu?: boolean;
}

/** How a block trains. */
export interface TrainOptions extends BlockOptions {
  /** Whether anything before it is trained; true by default. */
  readonly needsInputGradient?: boolean;
  /** The batch's share in the running statistics; PyTorch's by default. */
  readonly momentum?: number | undefined;
  /** The batch that `x` is a part of, if it is. */
  readonly sharedBatch?: SharedBatch | undefined;
}

const inference: ConvolutionUse = { inference: true };

/** tfjs' attributes of a fused convolution. */
function attributesOf(
  kernel: tf.Tensor,
  { stride = 1, relu = true }: BlockOptions,
) {
  return {
    ...placesOf(kernel.shape, stride),
    dilations: 1,
    activation: relu ? "relu" : "linear",
    leakyreluAlpha: 0,
  };
}

/** A convolution's kernel and bias, batch norm folded in. */
export interface FoldedBlock {
  /** Kernel `[k, k, in, out]`. */
  readonly kernel: tf.Tensor;
  /** Bias `[out]`. */
  readonly bias: tf.Tensor;
}

/**
 * Convolution and ReLU, as one fused convolution.
 *
 * @param x Features `[N, H, W, in]`.
 * @param folded The result of {@linkcode foldBatchNorm}.
 * @param options Stride, and whether ReLU follows.
 * @returns Features `[N, H / stride, W / stride, out]`; no gradient flows
 * through.
 */
export function inferBlock(
  x: tf.Tensor4D,
  { kernel, bias }: FoldedBlock,
  options: BlockOptions = {},
): tf.Tensor4D {
  return withoutGradient(() =>
    runKernel(
      "FusedConv2D",
      { x, filter: kernel, bias },
      { ...attributesOf(kernel, options), ...inference },
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
 * @param weights The block's tensors, which stay as long as the result.
 * @returns Kernel and bias; without batch norm, the block's own.
 */
export function foldBatchNorm(
  { kernel, bias, batchNorm }: BlockWeights,
): FoldedBlock {
  if (batchNorm === undefined) return { kernel, bias: bias! };
  const { scale, offset, mean, variance } = batchNorm;
  // Nothing of it is trained, so that nothing is kept for a gradient.
  const factor = withoutGradient(() =>
    tf.mul(scale, tf.rsqrt(tf.add(variance, batchNormEpsilon)))
  );
  return {
    kernel: withoutGradient(() =>
      hasKernel(fusedKernels.foldedKernel)
        ? runKernel(fusedKernels.foldedKernel, { kernel, factor })[0]!
        : tf.mul(kernel, factor)
    ),
    bias: withoutGradient(() =>
      tf.add(tf.mul(bias ? tf.sub(bias, mean) : tf.neg(mean), factor), offset)
    ),
  };
}

/**
 * Convolution, batch norm on the batch's statistics (or none) and ReLU, as
 * one operation with its gradient; moves the running statistics.
 *
 * @param x Features `[N, H, W, in]`.
 * @param weights The block's tensors.
 * @param options Stride, ReLU, gradient and momentum.
 * @returns Features `[N, H / stride, W / stride, out]`.
 */
export function trainBlock(
  x: tf.Tensor4D,
  weights: BlockWeights,
  options: TrainOptions = {},
): tf.Tensor4D {
  const { batchNorm } = weights;
  return batchNorm === undefined
    ? trainPlain(x, weights, options)
    : trainNormalized(x, { ...weights, batchNorm }, options);
}

/** The tensors of a block with batch norm. */
interface NormalizedBlockWeights extends BlockWeights {
  readonly batchNorm: NonNullable<BlockWeights["batchNorm"]>;
}

function trainPlain(
  x: tf.Tensor4D,
  weights: BlockWeights,
  { needsInputGradient = true, ...options }: TrainOptions,
): tf.Tensor4D {
  const { stride = 1, relu = true } = options;
  const block = tf.customGrad((x, kernel, bias, save) => {
    const [y] = runKernel(
      "FusedConv2D",
      {
        x: x as tf.Tensor,
        filter: kernel as tf.Tensor,
        bias: bias as tf.Tensor,
      },
      attributesOf(kernel as tf.Tensor, options),
    ) as [tf.Tensor4D];
    const inputs = [x as tf.Tensor, kernel as tf.Tensor];
    (save as tf.GradSaveFunc)(relu ? [...inputs, y] : inputs);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, y] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D?];
      const { dx = unread(), dkernel, dbias } = convolutionGradients(
        { dy, x, kernel, y },
        { bias: true, input: needsInputGradient, stride },
      );
      tf.dispose([dy, x, ...y ? [y] : []]);
      return [dx, dkernel, dbias!];
    };
    return { value: y, gradFunc };
  });
  return block(x, weights.kernel, weights.bias!) as tf.Tensor4D;
}

function trainNormalized(
  x: tf.Tensor4D,
  { kernel, bias, batchNorm }: NormalizedBlockWeights,
  { needsInputGradient = true, stride = 1, relu = true, ...options }:
    TrainOptions,
): tf.Tensor4D {
  const { momentum, sharedBatch: shared } = options;
  const block = tf.customGrad((...inputs) => {
    const save = inputs.pop() as tf.GradSaveFunc;
    const [x, kernel, scale, offset] = inputs as tf.Tensor[] as [
      tf.Tensor4D,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    // The bias is left out of the sum: batch norm subtracts it again.
    const [z] = runKernel(
      "Conv2D",
      { x, filter: kernel },
      { ...placesOf(kernel.shape, stride), dilations: 1 },
    ) as [tf.Tensor4D];
    const given = { scale, offset, relu };
    const batch = shared
      ? normalizeSharedBatch(z, given, shared)
      : { ...normalizeBatch(z, given), count: z.size / z.shape[3] };
    const { count } = batch;
    updateStatistics(batchNorm, batch, { shift: bias, count, momentum });
    const { y, mean, variance } = batch;
    const kept = [x, kernel, z, mean, variance, scale];
    save(relu ? [...kept, y] : kept);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, z, mean, variance, scale, y] = saved as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor4D?,
      ];
      const parts = { scale, batch: { y, mean, variance } };
      const { dz, dscale, doffset } = shared
        ? normalizeSharedBatchGradients(dy, z, { ...parts, shared, count })
        : normalizeBatchGradients(dy, z, parts);
      tf.dispose([dy, z, ...y ? [y] : []]);
      const { dx = unread(), dkernel } = convolutionGradients(
        { dy: dz, x, kernel },
        { bias: false, input: needsInputGradient, stride },
      );
      tf.dispose([dz, x]);
      const gradients = [dx, dkernel, dscale, doffset];
      // Batch norm subtracts the bias again, whatever it is.
      return bias ? [...gradients, tf.zerosLike(doffset)] : gradients;
    };
    return { value: y, gradFunc };
  });
  const { scale, offset } = batchNorm;
  const tensors = [x, kernel, scale, offset, ...bias ? [bias] : []];
  return block(...tensors) as tf.Tensor4D;
}
