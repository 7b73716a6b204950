import { adamStep } from "./kernels/adam_step.ts";
import { addN, addRelu, arithmetic } from "./kernels/arithmetic.ts";
import {
  cast,
  concat,
  expandDims,
  identity,
  reshape,
  slice,
  transpose,
} from "./kernels/arrangement.ts";
import {
  batchNormTrain,
  batchNormTrainGrad,
} from "./kernels/batch_norm_train.ts";
import {
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  fusedConv2D,
} from "./kernels/conv2d.ts";
import { convolutionGrad } from "./kernels/convolution_grad.ts";
import { int8Convolution } from "./kernels/int8_convolution.ts";
import { elementwise } from "./kernels/elementwise.ts";
import { foldedKernel } from "./kernels/folded_kernel.ts";
import type { Kernel } from "./kernels/_kernel.ts";
import {
  planesConvolution,
  planesHead,
  planesPool,
  planesUp,
} from "./kernels/int8_planes.ts";
import { maxPool, maxPoolGrad } from "./kernels/max_pool.ts";
import { batchMatMul, softmax } from "./kernels/product.ts";
import { reductions } from "./kernels/reduction.ts";
import { reluGrad } from "./kernels/relu_grad.ts";
import { resizeNearest, upNearestGrad } from "./kernels/resize_nearest.ts";
import {
  regressionLoss,
  regressionLossGrad,
} from "./kernels/regression_loss.ts";
import { sigmoidLoss, sigmoidLossGrad } from "./kernels/sigmoid_loss.ts";
import { sgdStep } from "./kernels/sgd_step.ts";
import { upConcat, upConcatGrad } from "./kernels/up_concat.ts";

/** The kernels on oneDNN; all others go by way of tfjs' cpu kernels. */
export const kernels: readonly Kernel[] = [
  adamStep,
  addN,
  addRelu,
  ...arithmetic,
  batchMatMul,
  batchNormTrain,
  batchNormTrainGrad,
  cast,
  concat,
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  convolutionGrad,
  ...elementwise,
  expandDims,
  foldedKernel,
  fusedConv2D,
  identity,
  int8Convolution,
  maxPool,
  maxPoolGrad,
  ...reductions,
  reluGrad,
  reshape,
  resizeNearest,
  upNearestGrad,
  sgdStep,
  regressionLoss,
  regressionLossGrad,
  sigmoidLoss,
  sigmoidLossGrad,
  slice,
  softmax,
  transpose,
  upConcat,
  upConcatGrad,
];

/** The kernels of computing in eight bits in machine code, where that can be. */
export const planesKernels: readonly Kernel[] = [
  planesConvolution,
  planesHead,
  planesPool,
  planesUp,
];
