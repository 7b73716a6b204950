import type { KernelConfig } from "@tensorflow/tfjs-core";
import { add, multiply, sub } from "./kernels/arithmetic.ts";
import {
  batchNormTrain,
  batchNormTrainGrad,
} from "./kernels/batch_norm_train.ts";
import { conv2D, fusedConv2D } from "./kernels/conv2d.ts";
import { conv2DBackpropFilter } from "./kernels/conv2d_backprop_filter.ts";
import { conv2DBackpropInput } from "./kernels/conv2d_backprop_input.ts";
import { maxPoolGrad } from "./kernels/max_pool_grad.ts";
import { reluGrad } from "./kernels/relu_grad.ts";
import { slice } from "./kernels/slice.ts";
import { sum } from "./kernels/sum.ts";
import { upNearestGrad } from "./kernels/up_nearest_grad.ts";

/** The kernels that replace tfjs' own or join them. */
export const kernels: readonly (() => KernelConfig)[] = [
  add,
  batchNormTrain,
  batchNormTrainGrad,
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  fusedConv2D,
  maxPoolGrad,
  multiply,
  reluGrad,
  slice,
  sub,
  sum,
  upNearestGrad,
];
