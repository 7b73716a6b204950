import type { OnnxGraph } from "../onnx/onnx_graph.ts";
import { batchNormEpsilon } from "../operations/batch_norm.ts";
import type { FloatTensor } from "../files/safetensors.ts";
import {
  type ConvolutionNode,
  type Graph,
  interpret,
  type Interpreter,
} from "./node.ts";

/** Options for turning a network into ONNX nodes. */
export interface AddGraphOptions {
  /** The name of the network's normalized input. */
  readonly x: string;
  /** Its weights by name, in PyTorch's order. */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  /** Whether batch norm is folded into the convolutions. */
  readonly fold: boolean;
}

/** What a node is added to, and what it reads. */
interface Export extends AddGraphOptions {
  readonly onnx: OnnxGraph;
}

/**
 * Adds a network's nodes to a graph of ONNX.
 *
 * @param onnx The graph under construction.
 * @param network The network.
 * @param options Its input and weights.
 * @returns The name of what its head's convolution gives.
 */
export function addGraph(
  onnx: OnnxGraph,
  network: Graph,
  options: AddGraphOptions,
): string {
  const names: string[] = [];
  for (const node of network) {
    const inputs = node.inputs.map((place) => names[place]!);
    names.push(interpret(adders, node, inputs, { ...options, onnx }));
  }
  return names.at(-1)!;
}

const adders: Interpreter<[string[], Export], string> = {
  image: (_, __, { x }) => x,
  convolution: addConvolution,
  pool: ({ size }, [x], { onnx }) =>
    onnx.node("MaxPool", [x!], {
      kernel_shape: [size, size],
      strides: [2, 2],
      ...size === 2 ? {} : { pads: [1, 1, 1, 1] },
    }),
  up: ({ name, by }, [x, skip], { onnx, tensors }) => {
    const up = by === "nearest"
      ? onnx.node("Resize", [
        x!,
        "",
        onnx.floats(`${name}.scales`, [1, 1, 2, 2]),
      ], {
        mode: { text: "nearest" },
        coordinate_transformation_mode: { text: "asymmetric" },
        nearest_mode: { text: "floor" },
      })
      : onnx.node("ConvTranspose", [
        x!,
        onnx.weights(`${name}.weight`, tensors.get(`${name}.weight`)!),
        onnx.weights(`${name}.bias`, tensors.get(`${name}.bias`)!),
      ], { kernel_shape: [2, 2], strides: [2, 2] });
    return skip === undefined
      ? up
      : onnx.node("Concat", [up, skip], { axis: 1 });
  },
  add: (_, inputs, { onnx }) => onnx.node("Relu", [onnx.node("Add", inputs)]),
  crop: ({ margin }, [x], { onnx }) =>
    onnx.node("Slice", [
      x!,
      onnx.integers(`${x}_start`, [margin, margin]),
      onnx.integers(`${x}_end`, [-margin, -margin]),
      onnx.integers(`${x}_axes`, [2, 3]),
    ]),
  dropout: (_, [x]) => x!,
  head: ({ name, kernel }, [x], { onnx, tensors }) =>
    onnx.node("Conv", [
      x!,
      onnx.weights(`${name}.weight`, tensors.get(`${name}.weight`)!),
      onnx.weights(`${name}.bias`, tensors.get(`${name}.bias`)!),
    ], placesOf(kernel, 1, true)),
};

/** A convolution, its batch norm if it has one, and its ReLU. */
function addConvolution(
  node: ConvolutionNode,
  [x]: string[],
  { onnx, tensors, fold }: Export,
): string {
  const { name, batchNorm, kernel, stride, isPadded, relu } = node;
  const isFolded = fold && batchNorm !== undefined;
  const weights = isFolded ? folded(node, tensors) : {
    kernel: tensors.get(`${name}.weight`)!,
    bias: tensors.get(`${name}.bias`),
  };
  const inputs = [x!, onnx.weights(`${name}.weight`, weights.kernel)];
  if (weights.bias) inputs.push(onnx.weights(`${name}.bias`, weights.bias));
  let y = onnx.node("Conv", inputs, placesOf(kernel, stride, isPadded));
  if (batchNorm !== undefined && !isFolded) {
    const parts = ["weight", "bias", "running_mean", "running_var"]
      .map((part) => `${batchNorm}.${part}`);
    y = onnx.node("BatchNormalization", [
      y,
      ...parts.map((name) => onnx.weights(name, tensors.get(name)!)),
    ], { epsilon: { float: batchNormEpsilon } });
  }
  return relu ? onnx.node("Relu", [y]) : y;
}

/** ONNX' attributes of a convolution. */
function placesOf(kernel: number, stride: 1 | 2, isPadded: boolean) {
  const pad = isPadded ? (kernel - 1) / 2 : 0;
  return {
    kernel_shape: [kernel, kernel],
    ...pad === 0 && kernel === 1 ? {} : { pads: [pad, pad, pad, pad] },
    ...stride === 1 ? {} : { strides: [stride, stride] },
  };
}

/** A convolution that has the batch norm after it in its weights. */
function folded(
  { name, batchNorm }: ConvolutionNode,
  tensors: ReadonlyMap<string, FloatTensor>,
): { kernel: FloatTensor; bias: FloatTensor } {
  const kernel = tensors.get(`${name}.weight`)!;
  const bias = tensors.get(`${name}.bias`)?.values;
  const [scale, offset, mean, variance] = [
    "weight",
    "bias",
    "running_mean",
    "running_var",
  ].map((part) => tensors.get(`${batchNorm}.${part}`)!.values) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const factors = scale.map((one, channel) =>
    one / Math.sqrt(variance[channel]! + batchNormEpsilon)
  );
  const size = kernel.values.length / factors.length;
  return {
    kernel: {
      shape: kernel.shape,
      values: kernel.values.map((value, at) =>
        value * factors[Math.floor(at / size)]!
      ),
    },
    bias: {
      shape: [factors.length],
      values: factors.map((factor, channel) =>
        ((bias?.[channel] ?? 0) - mean[channel]!) * factor + offset[channel]!
      ),
    },
  };
}
