import { batchNormEpsilon } from "./batch_norm.ts";
import type { Convolution } from "./convolution.ts";
import { layersOf } from "./layers.ts";
import {
  type Dimension,
  elementNumber,
  OnnxGraph,
  type Value,
} from "./_onnx_graph.ts";
import type { ModelPlan } from "./plan.ts";
import type { FloatTensor } from "./safetensors.ts";
import { marginOf } from "./sizes.ts";

/** How {@linkcode serializeOnnx} writes a network. */
export interface OnnxOptions {
  /** Whether as float16, in half the bytes; float32 by default. */
  readonly half?: boolean;
  /**
   * Whether batch norm is folded into the convolutions, which makes the model
   * smaller and faster; true by default.
   */
  readonly fold?: boolean;
  /** Free text for the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes a network as an ONNX model (operator set 17) that needs nothing else:
 * it takes red, green, blue in 0…255 and normalizes them itself.
 *
 * - Input `image` `[batch, 3, height, width]`, float32.
 * - Output `logits` `[batch, channels, height, width]`, float32: of an object,
 *   or of background and object in the Paper's network; then of an object's
 *   border, where the network tells it.
 * - Output `probability` `[batch, 1, height, width]`, float32: of an object.
 * - Output `border_probability` `[batch, 1, height, width]`, float32: of a
 *   border; only where the network tells it.
 *
 * Batch, height and width are free, the latter as the network takes them; an
 * output without padding is smaller. As float16, weights and computation have
 * half the bytes, input and output stay float32.
 *
 * @param plan The network, complete.
 * @param tensors Its weights by name, in PyTorch's order.
 * @param options Float16, folding, free text.
 * @returns The file in pieces, in order.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { createModel, serializeOnnx, torchTensors } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assert } from "@std/assert";
 *
 * const model = createModel({ width: 0.02 }, createRandom(0));
 * const pieces = serializeOnnx(model.plan, await torchTensors(model));
 * assert(new Blob(pieces).size > 10_000);
 * model.dispose();
 * ```
 */
export function serializeOnnx(
  plan: ModelPlan,
  tensors: ReadonlyMap<string, FloatTensor>,
  { half = false, fold = true, metadata = {} }: OnnxOptions = {},
): Uint8Array<ArrayBuffer>[] {
  const layers = layersOf(plan);
  const graph = new OnnxGraph(half);
  const isValid = plan.padding === "valid";
  const given = (name: string): string =>
    graph.weights(name, tensors.get(name)!);
  const convolve = (x: string, layer: Convolution): string => {
    const isFolded = fold && layer.batchNorm !== undefined;
    const { kernel, bias } = isFolded ? folded(layer, tensors) : {
      kernel: tensors.get(`${layer.name}.weight`)!,
      bias: tensors.get(`${layer.name}.bias`)!,
    };
    const pad = isValid ? 0 : 1;
    const y = graph.node("Conv", [
      x,
      graph.weights(`${layer.name}.weight`, kernel),
      graph.weights(`${layer.name}.bias`, bias),
    ], { kernel_shape: [3, 3], pads: [pad, pad, pad, pad] });
    if (layer.batchNorm === undefined || isFolded) {
      return graph.node("Relu", [y]);
    }
    const normalized = graph.node("BatchNormalization", [
      y,
      ...["weight", "bias", "running_mean", "running_var"].map((part) =>
        given(`${layer.batchNorm}.${part}`)
      ),
    ], { epsilon: { float: batchNormEpsilon } });
    return graph.node("Relu", [normalized]);
  };
  const block = (x: string, convolutions: readonly Convolution[]): string =>
    convolutions.reduce(convolve, x);
  let x = normalize(graph, plan, half);
  const skips: string[] = [];
  // Pixels that a skip has more on each side than what meets it again.
  let crop = isValid ? 4 : 0;
  for (const convolutions of layers.encoder) {
    x = block(x, convolutions);
    skips.push(x);
    x = graph.node("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  x = block(x, layers.bottleneck);
  for (const step of layers.decoder) {
    x = graph.node("ConvTranspose", [
      x,
      given(`${step.up.name}.weight`),
      given(`${step.up.name}.bias`),
    ], { kernel_shape: [2, 2], strides: [2, 2] });
    const skip = cropped(graph, skips.pop()!, crop);
    // The next step up has twice as many, and the four convolutions between.
    crop = isValid ? 2 * (crop + 4) : 0;
    x = block(graph.node("Concat", [x, skip], { axis: 1 }), step.convolutions);
  }
  x = graph.node(
    "Conv",
    [
      x,
      given(`${layers.head.name}.weight`),
      given(`${layers.head.name}.bias`),
    ],
    { kernel_shape: [1, 1] },
    half ? undefined : "logits",
  );
  if (half) {
    x = graph.node("Cast", [x], { to: elementNumber("float32") }, "logits");
  }
  const isPair = plan.encoder === "unet", hasBorders = plan.outputs === 2;
  const slice = (
    x: string,
    [start, end]: readonly [number, number],
    name: string,
    output?: string,
  ): string =>
    graph.node(
      "Slice",
      [
        x,
        graph.integers(`${name}_start`, [start]),
        graph.integers(`${name}_end`, [end]),
        graph.integers(`${name}_axis`, [1]),
      ],
      {},
      output,
    );
  if (isPair) {
    const pair = hasBorders ? slice(x, [0, 2], "pair") : x;
    const softmax = graph.node("Softmax", [pair], { axis: 1 });
    slice(softmax, [1, 2], "object", "probability");
  } else {
    const object = hasBorders ? slice(x, [0, 1], "object") : x;
    graph.node("Sigmoid", [object], {}, "probability");
  }
  const { output: channels } = layers.head;
  if (hasBorders) {
    const border = slice(x, [channels - 1, channels], "border");
    graph.node("Sigmoid", [border], {}, "border_probability");
  }
  const margin = marginOf(plan);
  const [height, width] = margin === 0
    ? ["height", "width"]
    : ["output_height", "output_width"];
  const value = (name: string, ...shape: Dimension[]): Value => ({
    name,
    type: "float32",
    shape,
  });
  return [
    ...graph.model(
      value("image", "batch", 3, "height", "width"),
      [
        value("logits", "batch", channels, height!, width!),
        value("probability", "batch", 1, height!, width!),
        ...(hasBorders
          ? [value("border_probability", "batch", 1, height!, width!)]
          : []),
      ],
      { plan: JSON.stringify(plan), ...metadata },
    ).pieces,
  ];
}

/** From 0…255 to what the first convolution takes. */
function normalize(
  graph: OnnxGraph,
  { normalization: { mean, deviation } }: ModelPlan,
  half: boolean,
): string {
  const plane = (name: string, values: readonly number[]): string =>
    graph.weights(name, {
      shape: [1, 3, 1, 1],
      values: new Float32Array(values),
    });
  const input = half
    ? graph.node("Cast", ["image"], { to: elementNumber("float16") })
    : "image";
  const centered = graph.node("Sub", [
    input,
    plane("mean", mean.map((one) => 255 * one)),
  ]);
  return graph.node("Div", [
    centered,
    plane("deviation", deviation.map((one) => 255 * one)),
  ]);
}

function cropped(graph: OnnxGraph, x: string, margin: number): string {
  if (margin === 0) return x;
  return graph.node("Slice", [
    x,
    graph.integers(`${x}_start`, [margin, margin]),
    graph.integers(`${x}_end`, [-margin, -margin]),
    graph.integers(`${x}_axes`, [2, 3]),
  ]);
}

/** A convolution that has the batch norm after it in its weights. */
function folded(
  { name, batchNorm }: Convolution,
  tensors: ReadonlyMap<string, FloatTensor>,
): { kernel: FloatTensor; bias: FloatTensor } {
  const kernel = tensors.get(`${name}.weight`)!;
  const bias = tensors.get(`${name}.bias`)!;
  const [scale, offset, mean, variance] = [
    "weight",
    "bias",
    "running_mean",
    "running_var",
  ].map((part) => tensors.get(`${batchNorm}.${part}`)!.values);
  const factors = scale!.map((one, channel) =>
    one / Math.sqrt(variance![channel]! + batchNormEpsilon)
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
      shape: bias.shape,
      values: bias.values.map((value, channel) =>
        (value - mean![channel]!) * factors[channel]! + offset![channel]!
      ),
    },
  };
}
