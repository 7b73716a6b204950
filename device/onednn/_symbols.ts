/**
 * The part of oneDNN's C API, version 3, that the device calls.
 *
 * Handles and sizes are `usize`; arrays, structs and places for results are
 * `buffer`; enumerations are `i32`.
 *
 * @module
 */

const handle = "usize", buffer = "buffer", number = "i32";
const size = "usize", float = "f32", flags = "u32";

const create = (
  ...parameters: readonly Deno.NativeType[]
): { parameters: Deno.NativeType[]; result: "i32" } => ({
  parameters: [buffer, ...parameters],
  result: "i32",
});

/** The functions, as `Deno.dlopen` takes them. */
export const symbols = {
  dnnl_version: { parameters: [], result: "pointer" },
  dnnl_get_effective_cpu_isa: { parameters: [], result: "i32" },

  dnnl_engine_create: create(number, size),
  dnnl_engine_destroy: { parameters: [handle], result: "i32" },
  dnnl_stream_create: create(handle, flags),
  dnnl_stream_destroy: { parameters: [handle], result: "i32" },

  dnnl_memory_desc_create_with_strides: create(number, buffer, number, buffer),
  dnnl_memory_desc_create_with_tag: create(number, buffer, number, number),
  dnnl_memory_desc_create_submemory: create(handle, buffer, buffer),
  dnnl_memory_desc_clone: create(handle),
  dnnl_memory_desc_destroy: { parameters: [handle], result: "i32" },
  dnnl_memory_desc_get_size: { parameters: [handle], result: "usize" },
  dnnl_memory_desc_equal: { parameters: [handle, handle], result: "i32" },
  dnnl_memory_desc_query: {
    parameters: [handle, number, buffer],
    result: "i32",
  },

  dnnl_memory_create: create(handle, handle, handle),
  dnnl_memory_destroy: { parameters: [handle], result: "i32" },
  dnnl_memory_set_data_handle: {
    parameters: [handle, handle],
    result: "i32",
  },

  dnnl_primitive_attr_create: create(),
  dnnl_primitive_attr_destroy: { parameters: [handle], result: "i32" },
  dnnl_primitive_attr_set_post_ops: {
    parameters: [handle, handle],
    result: "i32",
  },
  dnnl_primitive_attr_set_scales_mask: {
    parameters: [handle, number, number],
    result: "i32",
  },
  dnnl_post_ops_create: create(),
  dnnl_post_ops_destroy: { parameters: [handle], result: "i32" },
  dnnl_post_ops_append_eltwise: {
    parameters: [handle, number, float, float],
    result: "i32",
  },
  dnnl_post_ops_append_sum: {
    parameters: [handle, float, number, number],
    result: "i32",
  },

  dnnl_convolution_forward_primitive_desc_create: create(
    handle,
    number,
    number,
    handle,
    handle,
    handle,
    handle,
    buffer,
    buffer,
    buffer,
    buffer,
    handle,
  ),
  dnnl_convolution_backward_data_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    handle,
    buffer,
    buffer,
    buffer,
    buffer,
    handle,
    handle,
  ),
  dnnl_convolution_backward_weights_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    handle,
    handle,
    buffer,
    buffer,
    buffer,
    buffer,
    handle,
    handle,
  ),
  dnnl_batch_normalization_forward_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    float,
    flags,
    handle,
  ),
  dnnl_batch_normalization_backward_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    handle,
    float,
    flags,
    handle,
    handle,
  ),
  dnnl_pooling_forward_primitive_desc_create: create(
    handle,
    number,
    number,
    handle,
    handle,
    buffer,
    buffer,
    buffer,
    buffer,
    buffer,
    handle,
  ),
  dnnl_pooling_backward_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    buffer,
    buffer,
    buffer,
    buffer,
    buffer,
    handle,
    handle,
  ),
  dnnl_resampling_forward_primitive_desc_create: create(
    handle,
    number,
    number,
    buffer,
    handle,
    handle,
    handle,
  ),
  dnnl_resampling_backward_primitive_desc_create: create(
    handle,
    number,
    buffer,
    handle,
    handle,
    handle,
    handle,
  ),
  dnnl_eltwise_forward_primitive_desc_create: create(
    handle,
    number,
    number,
    handle,
    handle,
    float,
    float,
    handle,
  ),
  dnnl_eltwise_backward_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    handle,
    float,
    float,
    handle,
    handle,
  ),
  dnnl_binary_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    handle,
    handle,
  ),
  dnnl_reduction_primitive_desc_create: create(
    handle,
    number,
    handle,
    handle,
    float,
    float,
    handle,
  ),
  dnnl_softmax_forward_primitive_desc_create: create(
    handle,
    number,
    number,
    handle,
    handle,
    number,
    handle,
  ),
  dnnl_matmul_primitive_desc_create: create(
    handle,
    handle,
    handle,
    handle,
    handle,
    handle,
  ),
  dnnl_reorder_primitive_desc_create: create(
    handle,
    handle,
    handle,
    handle,
    handle,
  ),

  dnnl_primitive_desc_query_md: {
    parameters: [handle, number, number],
    result: "usize",
  },
  dnnl_primitive_desc_query: {
    parameters: [handle, number, number, buffer],
    result: "i32",
  },
  dnnl_primitive_desc_destroy: { parameters: [handle], result: "i32" },
  dnnl_primitive_create: create(handle),
  dnnl_primitive_destroy: { parameters: [handle], result: "i32" },
  dnnl_primitive_execute: {
    parameters: [handle, handle, number, buffer],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** The functions that create something and write its handle. */
export type Creator =
  | "dnnl_memory_desc_clone"
  | keyof typeof symbols & `dnnl_${string}_create${"" | `_${string}`}`;

/** Kinds of numbers in memory. */
export const dataType = { bf16: 2, f32: 3, s8: 5, u8: 6 } as const;

/** What a forward or backward pass is for. */
export const propagation = {
  training: 64,
  inference: 96,
  backward: 128,
} as const;

/** How a primitive computes, or what. */
export const algorithm = {
  direct: 1,
  winograd: 2,
  relu: 0x20,
  tanh: 0x21,
  square: 0x23,
  abs: 0x24,
  sqrt: 0x25,
  linear: 0x26,
  logistic: 0x29,
  log: 0x2d,
  clip: 0x2e,
  reluFromOutput: 0x100,
  maxPool: 0x1ff,
  add: 0x1fff0,
  multiply: 0x1fff1,
  maximum: 0x1fff2,
  minimum: 0x1fff3,
  divide: 0x1fff4,
  subtract: 0x1fff5,
  resampleNearest: 0x2fff0,
  reduceMaximum: 0x2fff2,
  reduceMinimum: 0x2fff3,
  reduceSum: 0x2fff4,
  reduceMean: 0x2fff6,
  softmax: 0x30000,
} as const;

/** Which operand of a primitive. */
export const operand = {
  source: 1,
  source1: 2,
  destination: 17,
  weights: 33,
  bias: 41,
  mean: 49,
  variance: 50,
  scale: 51,
  shift: 52,
  workspace: 64,
  sourceGradient: 129,
  destinationGradient: 145,
  weightsGradient: 161,
  biasGradient: 169,
  scaleGradient: 255,
  shiftGradient: 256,
  /** The first of several sources. */
  multiple: 1024,
  /** Add the operand that is scaled. */
  scales: 4096,
} as const;

/** Which layout to ask a primitive for. */
export const query = {
  implementation: 8,
  source: 129,
  sourceGradient: 130,
  weights: 131,
  weightsGradient: 132,
  destination: 133,
  destinationGradient: 134,
  workspace: 135,
} as const;

/** Flags of batch normalization. */
export const normalization = { scale: 2, shift: 4, relu: 8 } as const;

/** The statuses that functions return, by number. */
export const statuses: readonly string[] = [
  "success",
  "out of memory",
  "invalid arguments",
  "unimplemented",
  "last implementation reached",
  "runtime error",
  "not required",
];
