/**
 * The fused kernels that a device may offer besides tfjs' own, and what each
 * computes. The model asks the current backend for them by name and composes
 * stock kernels where one is missing, so that every device gives the same
 * numbers and a fast one gives them sooner. Runs in a browser.
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
   * attributes {@linkcode BatchNormTrainAttrs}. `y` shows where ReLU cut.
   * Outputs `[dx [N,H,W,C], dscale [C], doffset [C]]`.
   */
  batchNormTrainGrad: "UnetBatchNormTrainGrad",
  /**
   * A convolution's kernel times a factor for each output channel, as batch
   * norm is folded into it for inference.
   *
   * Inputs `kernel [h,w,in,out]`, `factor [out]`; output `[h,w,in,out]`. A
   * device may compute it from the kernel whenever it is needed and keep none of
   * it: the kernel stays, unchanged, as long as the output.
   */
  foldedKernel: "UnetFoldedKernel",
  /** Inputs `a`, `b` of one shape; output `a + b` where that is above 0, else 0. */
  addRelu: "UnetAddRelu",
  /** Inputs `dy`, `y`; output `dy` where `y > 0`, else 0. */
  reluGrad: "UnetReluGrad",
  /**
   * The gradients of a convolution of stride 1 that keeps the size, and of
   * the ReLU after it if there is one.
   *
   * Inputs `dy [N,H,W,out]`, `x [N,H,W,in]`, `kernel [h,w,in,out]`, and `y`,
   * the convolution's output, with ReLU; attributes
   * {@linkcode ConvolutionGradAttrs}. Outputs `[dkernel]`, then `dbias [out]`
   * and `dx` as far as they are asked for.
   */
  convolutionGrad: "UnetConvolutionGrad",
  /**
   * A transposed 2×2 convolution of stride 2, and another feature map behind
   * its channels.
   *
   * Inputs `x [N,H,W,in]`, `kernel [2,2,out,in]`, `bias [out]`,
   * `skip [N,2H,2W,S]`; output `[N,2H,2W,out+S]`.
   */
  upConcat: "UnetUpConcat",
  /**
   * The gradient of {@linkcode fusedKernels.upConcat}.
   *
   * Inputs `dy [N,2H,2W,out+S]`, `x`, `kernel`; attributes
   * {@linkcode UpConcatGradAttrs}. Outputs `[dx, dkernel, dbias]`, then
   * `dskip` if it is asked for.
   */
  upConcatGrad: "UnetUpConcatGrad",
  /**
   * The gradient of repeating each pixel twice along both axes: input
   * `dy [N,2H,2W,C]`, output `[N,H,W,C]`, the sums of 2×2 pixels. tfjs has a
   * kernel for it, whose version for its cpu backend is wrong from the second
   * image of a batch on.
   */
  upNearestGrad: "UnetUpNearestGrad",
  /**
   * A convolution padded by (k − 1) / 2 on all sides, with bias and ReLU, on
   * numbers of eight bits: its input is rounded to 255 steps of 0…limit, or
   * 254 steps of −limit…limit, its kernel to 254 steps of −m…m for each output
   * channel, m being the largest number of that channel, and its output, if a
   * limit is given, to 255 steps of 0…limit. Sums are exact.
   *
   * Inputs `x [N,H,W,in]`, `kernel [h,w,in,out]`, `bias [out]`; attributes
   * {@linkcode Int8ConvolutionAttrs}. Output `[N,H/stride,W/stride,out]`. There is no
   * composed version: a device has it or computes in floats.
   */
  int8Convolution: "UnetInt8Convolution",
  /**
   * A convolution of 3×3, padded by 1, with bias and ReLU, on numbers of eight
   * bits that the device keeps in an order of its own, planes, which only the
   * four kernels of planes read. Its output is rounded to 255 steps of
   * 0…limit; without a limit it is floats, for {@linkcode
   * fusedKernels.planesHead}. Its input is planes, or an image in floats, which
   * is convolved in floats; its kernel, times what a step of each input stands
   * for, is rounded to 254 steps of −m…m for each output channel, m being the
   * largest number of that channel. Sums are exact.
   *
   * Inputs `x [N,H,W,in]`, `kernel [3,3,in,out]`, `bias [out]`, in and out
   * multiples of 8, but for an image; attributes {@linkcode PlanesAttrs}.
   * Output `[N,H,W,out]`.
   */
  planesConvolution: "UnetPlanesConvolution",
  /** Max pooling of 2×2: input `x [N,H,W,C]` in planes, output in planes. */
  planesPool: "UnetPlanesPool",
  /**
   * {@linkcode fusedKernels.upConcat} in planes: the kernel is rounded as that
   * of {@linkcode fusedKernels.planesConvolution}, its result to 254 steps of
   * −limit…limit, and the skip connection keeps its steps. Attributes
   * {@linkcode PlanesAttrs}, with a limit.
   */
  planesUp: "UnetPlanesUp",
  /**
   * A head: a convolution of 1×1 with bias, in floats. Inputs `x [N,H,W,in]` in
   * planes of floats, `kernel [1,1,in,out]`, `bias [out]`, out at most 8;
   * output `[N,H,W,out]`, as any other kernel reads it.
   */
  planesHead: "UnetPlanesHead",
  /**
   * One step of stochastic gradient descent with momentum, by PyTorch's rule:
   * `g = gradient + weightDecay · parameter`,
   * `v = momentum · velocity + (1 − dampening) · g`, or `g` where there is no
   * velocity yet, `parameter − learningRate · v`, or with Nesterov
   * `parameter − learningRate · (g + momentum · v)`.
   *
   * Inputs `parameter`, `gradient` and, but for the first step, `velocity`,
   * all of one shape; attributes {@linkcode SgdStepAttrs}. Outputs
   * `[parameter, velocity]`, which may take over the memory of those inputs
   * where nothing else holds it: nobody reads the inputs afterwards.
   */
  sgdStep: "UnetSgdStep",
  /**
   * One step of Adam or AdamW: `g = gradient + weightDecay · parameter`,
   * `m = beta1 · mean + (1 − beta1) · g`,
   * `v = beta2 · square + (1 − beta2) · g²`, both from 0 where there are none
   * yet, `shrink · parameter − stepSize · m / (rootScale · √v + epsilon)`.
   *
   * Inputs `parameter`, `gradient` and, but for the first step, `mean` and
   * `square`, all of one shape; attributes {@linkcode AdamStepAttrs}. Outputs
   * `[parameter, mean, square]`, which may take over the memory of those
   * inputs as in {@linkcode fusedKernels.sgdStep}.
   */
  adamStep: "UnetAdamStep",
  /**
   * The sum of losses of channels that have a sigmoid σ each.
   *
   * A part takes some channels, with logits `x` and targets `y`, 0…1; with
   * `isSparse`, elements with `y` below 0 count nowhere. It adds
   * `crossEntropy` times the mean of
   * `(1 + (positiveWeight − 1)·y) · (max(x, 0) − x·y − log σ(|x|))`, each times
   * its weight with `isWeighted`, and `dice` times
   * `1 − (2·Σσy + smoothing) / (Σσ + Σy + smoothing)`, the sums over the batch,
   * or with `perImage` over each image, and the mean of these.
   *
   * Inputs `logits`, `target` `[N,H,W,C]`, and if a part is weighted `weights`
   * `[N,H,W,K]`, K being the number of its channels; attributes
   * {@linkcode SigmoidLossAttrs}. Outputs `[value [], shares [N,H,W,C], slopes
   * [parts,N,3]]`: the shares are σ, and the slopes `k`, `a`, `b` of a part and
   * an image make the gradient by a logit
   * `k·(1 + (positiveWeight − 1)·y)·weight·(σ − y) + (a − b·y)·σ·(1 − σ)`.
   */
  sigmoidLoss: "UnetSigmoidLoss",
  /**
   * The gradient of {@linkcode fusedKernels.sigmoidLoss} by the logits.
   *
   * Inputs `dy []`, `shares`, `slopes`, `target`, and `weights` as there; the
   * same attributes. Output `[N,H,W,C]`, 0 in channels of no part.
   */
  sigmoidLossGrad: "UnetSigmoidLossGrad",
  /**
   * The sum of losses of channels that are numbers.
   *
   * A part takes K channels, with predictions `x` and targets `y`. A pixel
   * counts if its first target is at least `lowest`: by 1, or with `isGraded`
   * by the least of its targets over their mean. The part adds `weight` times
   * `Σ share · Σ e(x − y) / (K · Σ share)`, the sums over the pixels and over a
   * pixel's channels, where `e` is the square or the size; 0 where nothing
   * counts.
   *
   * Inputs `logits`, `target` `[N,H,W,C]`; attributes
   * {@linkcode RegressionLossAttrs}. Outputs `[value [], scales [parts]]`:
   * the scale of a part is `weight / (K · Σ share)`.
   */
  regressionLoss: "UnetRegressionLoss",
  /**
   * The gradient of {@linkcode fusedKernels.regressionLoss} by the logits.
   *
   * Inputs `dy []`, `scales`, `logits`, `target` as there; the same
   * attributes. Output `[N,H,W,C]`, 0 in channels of no part.
   */
  regressionLossGrad: "UnetRegressionLossGrad",
} as const;

/**
 * Attributes that the model passes to tfjs' `FusedConv2D` in addition to tfjs'
 * own; devices without a use for them ignore them.
 */
export interface ConvolutionUse {
  /**
   * Whether the same kernel convolves again and again and no gradient follows,
   * so that a device may keep it prepared.
   */
  inference: boolean;
}

/** Attributes of the two batch norm kernels. */
export interface BatchNormTrainAttrs {
  /** Added to the variance. */
  epsilon: number;
  /** Whether ReLU follows. */
  relu: boolean;
}

/** Attributes of the kernel of a convolution's gradients. */
export interface ConvolutionGradAttrs {
  /** Whether ReLU followed. */
  relu: boolean;
  /** Whether the gradient by the bias is wanted. */
  bias: boolean;
  /** Whether the gradient by the input is wanted. */
  input: boolean;
}

/** Attributes of a convolution on numbers of eight bits. */
export interface Int8ConvolutionAttrs {
  /** The largest number of the input that counts; larger ones are cut. */
  inputLimit: number;
  /** Whether the input has negative numbers. */
  signed: boolean;
  /** The same of the output; null keeps floats. */
  outputLimit: number | null;
  /** Pixels from one output to the next. */
  stride: 1 | 2;
  /** Whether ReLU follows; without it, the output stays floats. */
  relu: boolean;
}

/** Attributes of the kernels of planes. */
export interface PlanesAttrs {
  /** The largest size of the output that counts; null keeps floats. */
  limit: number | null;
}

/** Attributes of the gradient of the up-convolution with concatenation. */
export interface UpConcatGradAttrs {
  /** Whether the gradient by the other feature map is wanted. */
  skip: boolean;
}

/** Attributes of a step of stochastic gradient descent. */
export interface SgdStepAttrs {
  /** How far the step goes. */
  learningRate: number;
  /** How much of the velocity stays, above 0. */
  momentum: number;
  /** How little of the gradient joins the velocity, 0…1. */
  dampening: number;
  /** Share of the parameter added to its gradient. */
  weightDecay: number;
  /** Whether the step looks one velocity ahead. */
  nesterov: boolean;
}

/** Attributes of a step of Adam or AdamW. */
export interface AdamStepAttrs {
  /** How much of the mean stays. */
  beta1: number;
  /** How much of the mean square stays. */
  beta2: number;
  /** Added to the root of the mean square. */
  epsilon: number;
  /** Share of the parameter added to its gradient. */
  weightDecay: number;
  /** How much of the parameter stays before the step. */
  shrink: number;
  /** How far the step goes: the learning rate, the mean's start corrected. */
  stepSize: number;
  /** Corrects the start of the mean square, at its root. */
  rootScale: number;
}

/** Attributes of the losses of sigmoids, and of their gradient. */
export interface SigmoidLossAttrs {
  /** The summands, of channels that do not overlap. */
  parts: readonly SigmoidLossPart[];
}

/** A loss of some channels. */
export interface SigmoidLossPart {
  /** The first channel. */
  readonly from: number;
  /** The channel after the last one. */
  readonly to: number;
  /** Weight of the cross entropy, 0 or more. */
  readonly crossEntropy: number;
  /** What an element with target 1 counts in it, where one with 0 counts 1. */
  readonly positiveWeight: number;
  /** Whether each of its elements counts by the batch's weights. */
  readonly isWeighted: boolean;
  /** Weight of the Dice loss, 0 or more. */
  readonly dice: number;
  /** Added to the Dice loss's numerator and denominator, above 0. */
  readonly smoothing: number;
  /** Whether the Dice loss is each image's, and averaged. */
  readonly perImage: boolean;
  /** Whether elements with a target below 0 are left out. */
  readonly isSparse: boolean;
}

/** Attributes of the losses of numbers, and of their gradient. */
export interface RegressionLossAttrs {
  /** The summands, of channels that do not overlap. */
  parts: readonly RegressionLossPart[];
}

/** A loss of some channels that are numbers. */
export interface RegressionLossPart {
  /** The first channel. */
  readonly from: number;
  /** The channel after the last one. */
  readonly to: number;
  /** How much it counts, 0 or more. */
  readonly weight: number;
  /** Whether the error is squared, or its size is taken. */
  readonly error: "squared" | "absolute";
  /** A pixel whose first target is below counts nowhere. */
  readonly lowest: number;
  /**
   * Whether a pixel counts by the least of its targets, which are above 0
   * then, over their mean.
   */
  readonly isGraded: boolean;
}
