import { batchNormEpsilon } from "./batch_norm.ts";
import type { Convolution } from "./convolution.ts";
import { describeOnnx } from "./_describe_onnx.ts";
import { layersOf } from "./layers.ts";
import { elementNumber, OnnxGraph } from "./_onnx_graph.ts";
import { stretchIntensities } from "./_onnx_intensities.ts";
import { padImages } from "./_onnx_sizes.ts";
import type { OnnxOptions } from "./onnx_options.ts";
import type { ModelPlan } from "./plan.ts";
import type { FloatTensor } from "./safetensors.ts";
import { marginOf } from "./sizes.ts";

/**
 * Writes a network as an ONNX model (operator set 17) that needs nothing else:
 * it takes red, green, blue in 0…255, of any height and width, and stretches,
 * normalizes, pads and crops itself.
 *
 * - Input `image` `[batch, 3, height, width]`, float32.
 * - Output `logits` `[batch, channels, height, width]`, float32: of an object,
 *   or of background and object in the Paper's network; then of an object's
 *   border, if the network has a border head.
 * - Output `probability` `[batch, 1, height, width]`, float32: of an object.
 * - Output `border_probability` `[batch, 1, height, width]`, float32: of a
 *   border; only if the network has a border head.
 *
 * Images are mirrored at their edges up to the next size that the network
 * takes, as windows of `@unet/infer` are; those that have such a size are not
 * padded. The Paper's network lacks 92 pixels on each side of its output, which
 * the padding makes up for. With `sizes: "fitting"`, its output is smaller than
 * the image instead.
 *
 * The stretch finds percentiles of each image of the batch. A value above 255
 * means that an image has more than 8 bits; one within 0…255 counts as 8
 * bits. Values must be finite.
 *
 * As float16, weights and the network's computation have half the bytes; input,
 * stretch and outputs stay float32. The file's metadata say in words what goes
 * in and comes out, under `input`, `sizes`, `intensities`, `normalization` and
 * `outputs`; `plan` is the network as JSON.
 *
 * @param plan The network, complete.
 * @param tensors Its weights by name, in PyTorch's order.
 * @param options Float16, folding, sizes, stretch, free text.
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
  options: OnnxOptions = {},
): Uint8Array<ArrayBuffer>[] {
  const { half = false, fold = true, metadata = {} } = options;
  const { sizes = "any", stretch = true } = options;
  const graph = new OnnxGraph(half);
  const seen = stretch ? stretchIntensities(graph, "image") : "image";
  const padded = sizes === "any" ? padImages(graph, plan, seen) : undefined;
  const normalized = normalize(graph, plan, padded?.images ?? seen, half);
  const raw = addNetwork(graph, plan, tensors, { x: normalized, fold });
  const whole = half
    ? graph.node("Cast", [raw], { to: elementNumber("float32") })
    : raw;
  // A node of its own gives the output its name.
  if (padded) padded.crop(whole, "logits");
  else graph.node("Identity", [whole], {}, ["logits"]);
  addProbabilities(graph, plan);
  const isSmaller = padded === undefined && marginOf(plan) > 0;
  const plane = isSmaller
    ? ["output_height", "output_width"] as const
    : ["height", "width"] as const;
  const { outputs, ...words } = describeOnnx(plan, { sizes, stretch });
  const { output: channels } = layersOf(plan).head;
  const described = Object.entries(outputs);
  return [
    ...graph.model(
      {
        name: "image",
        type: "float32",
        shape: ["batch", 3, "height", "width"],
        description: `${words.input}. Sizes: ${words.sizes}. ` +
          `Intensities: ${words.intensities}`,
      },
      described.map(([name, description]) => ({
        name,
        type: "float32",
        shape: ["batch", name === "logits" ? channels : 1, ...plane],
        description,
      })),
      {
        plan: JSON.stringify(plan),
        ...words,
        outputs: described.map((one) => one.join(": ")).join("; "),
        ...metadata,
      },
    ).pieces,
  ];
}

/** Adds the network's layers and returns the name of its logits. */
function addNetwork(
  graph: OnnxGraph,
  plan: ModelPlan,
  tensors: ReadonlyMap<string, FloatTensor>,
  { x, fold }: { x: string; fold: boolean },
): string {
  const layers = layersOf(plan), isValid = plan.padding === "valid";
  const given = (name: string): string =>
    graph.weights(name, tensors.get(name)!);
  const convolve = (x: string, layer: Convolution): string =>
    addConvolution(graph, layer, tensors, { x, fold, pad: isValid ? 0 : 1 });
  const block = (x: string, convolutions: readonly Convolution[]): string =>
    convolutions.reduce(convolve, x);
  const skips: string[] = [];
  // Pixels that a skip has more on each side than what meets it again.
  let crop = isValid ? 4 : 0;
  for (const convolutions of layers.encoder) {
    x = block(x, convolutions);
    skips.push(x);
    x = graph.node("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  x = block(x, layers.bottleneck);
  for (const { up, convolutions } of layers.decoder) {
    x = graph.node("ConvTranspose", [
      x,
      given(`${up.name}.weight`),
      given(`${up.name}.bias`),
    ], { kernel_shape: [2, 2], strides: [2, 2] });
    const skip = cropped(graph, skips.pop()!, crop);
    // The next step up has twice as many, and the four convolutions between.
    crop = isValid ? 2 * (crop + 4) : 0;
    x = block(graph.node("Concat", [x, skip], { axis: 1 }), convolutions);
  }
  const { name } = layers.head;
  return graph.node(
    "Conv",
    [x, given(`${name}.weight`), given(`${name}.bias`)],
    { kernel_shape: [1, 1] },
  );
}

/** Adds a convolution, its batch norm if it has one, and its ReLU. */
function addConvolution(
  graph: OnnxGraph,
  layer: Convolution,
  tensors: ReadonlyMap<string, FloatTensor>,
  { x, fold, pad }: { x: string; fold: boolean; pad: number },
): string {
  const isFolded = fold && layer.batchNorm !== undefined;
  const { kernel, bias } = isFolded ? folded(layer, tensors) : {
    kernel: tensors.get(`${layer.name}.weight`)!,
    bias: tensors.get(`${layer.name}.bias`)!,
  };
  const y = graph.node("Conv", [
    x,
    graph.weights(`${layer.name}.weight`, kernel),
    graph.weights(`${layer.name}.bias`, bias),
  ], { kernel_shape: [3, 3], pads: [pad, pad, pad, pad] });
  if (layer.batchNorm === undefined || isFolded) return graph.node("Relu", [y]);
  const parts = ["weight", "bias", "running_mean", "running_var"].map((part) =>
    `${layer.batchNorm}.${part}`
  );
  const normalized = graph.node("BatchNormalization", [
    y,
    ...parts.map((name) => graph.weights(name, tensors.get(name)!)),
  ], { epsilon: { float: batchNormEpsilon } });
  return graph.node("Relu", [normalized]);
}

/** Adds what the outputs besides `logits` are computed by. */
function addProbabilities(graph: OnnxGraph, plan: ModelPlan): void {
  const isPair = plan.encoder === "unet", hasBorders = plan.outputs === 2;
  const slice = (
    x: string,
    [start, end]: readonly [number, number],
    name: string,
    outputs?: readonly [string],
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
      outputs,
    );
  if (isPair) {
    const pair = hasBorders ? slice("logits", [0, 2], "pair") : "logits";
    const softmax = graph.node("Softmax", [pair], { axis: 1 });
    slice(softmax, [1, 2], "object", ["probability"]);
  } else {
    const object = hasBorders ? slice("logits", [0, 1], "object") : "logits";
    graph.node("Sigmoid", [object], {}, ["probability"]);
  }
  if (hasBorders) {
    const at = isPair ? 2 : 1;
    const border = slice("logits", [at, at + 1], "border");
    graph.node("Sigmoid", [border], {}, ["border_probability"]);
  }
}

/** From 0…255 to what the first convolution takes. */
function normalize(
  graph: OnnxGraph,
  { normalization: { mean, deviation } }: ModelPlan,
  images: string,
  half: boolean,
): string {
  const plane = (name: string, values: readonly number[]): string =>
    graph.weights(name, {
      shape: [1, 3, 1, 1],
      values: new Float32Array(values),
    });
  const input = half
    ? graph.node("Cast", [images], { to: elementNumber("float16") })
    : images;
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
