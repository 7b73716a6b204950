import type { KernelConfig } from "@tensorflow/tfjs-core";
import type { Machine } from "./_machine.ts";
import {
  batchNormTrain,
  batchNormTrainGrad,
} from "./kernels/batch_norm_train.ts";
import {
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  fusedConv2D,
} from "./kernels/convolution.ts";
import { convolutionGrad } from "./kernels/convolution_grad.ts";
import { maxPool, maxPoolGrad } from "./kernels/max_pool.ts";
import { reluGrad } from "./kernels/relu_grad.ts";
import { sgdStep } from "./kernels/sgd_step.ts";
import { upConcat, upConcatGrad } from "./kernels/up_concat.ts";

/** The kernels that replace tfjs-node's own or join them. */
export const kernels: readonly ((machine: Machine) => KernelConfig)[] = [
  batchNormTrain,
  batchNormTrainGrad,
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  convolutionGrad,
  fusedConv2D,
  maxPool,
  maxPoolGrad,
  reluGrad,
  sgdStep,
  upConcat,
  upConcatGrad,
];
