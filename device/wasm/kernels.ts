import type { KernelConfig } from "@tensorflow/tfjs-core";
import type { WasmFunction } from "./_assembler.ts";
import type { Machine } from "./_machine.ts";
import { columnCode } from "./kernels/_columns.ts";
import { convolveCode } from "./kernels/_convolve.ts";
import { winogradCode } from "./kernels/_winograd_code.ts";
import { copyRows } from "./kernels/_copy_rows.ts";
import { filterGradientCode } from "./kernels/_filter_gradient.ts";
import { add } from "./kernels/add.ts";
import {
  batchNormTrain,
  batchNormTrainGrad,
} from "./kernels/batch_norm_train.ts";
import { cast } from "./kernels/cast.ts";
import { concat } from "./kernels/concat.ts";
import { conv2D, fusedConv2D } from "./kernels/conv2d.ts";
import { conv2DBackpropFilter } from "./kernels/conv2d_backprop_filter.ts";
import { conv2DBackpropInput } from "./kernels/conv2d_backprop_input.ts";
import { fusedBatchNorm } from "./kernels/fused_batch_norm.ts";
import { maxPoolGrad, maxPoolGradCode } from "./kernels/max_pool_grad.ts";
import { reluGrad } from "./kernels/relu_grad.ts";
import { slice } from "./kernels/slice.ts";
import { sum } from "./kernels/sum.ts";

/** The functions that the kernels call, to be compiled together. */
export const functions: readonly WasmFunction[] = [
  copyRows,
  ...convolveCode,
  ...winogradCode,
  ...filterGradientCode,
  ...columnCode,
  ...maxPoolGradCode,
];

/** The kernels that replace tfjs' own or join them. */
export const kernels: readonly ((machine: Machine) => KernelConfig)[] = [
  add,
  batchNormTrain,
  batchNormTrainGrad,
  cast,
  concat,
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  fusedBatchNorm,
  fusedConv2D,
  maxPoolGrad,
  reluGrad,
  slice,
  sum,
];
