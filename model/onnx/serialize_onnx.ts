import {
  type Activation,
  channelsOfHeads,
  hasChosenChannels,
  headPlaces,
  type Input,
} from "@unet/task";
import {
  describeOnnx,
  joinedOutputName,
  onnxMapName,
  onnxOutputName,
} from "./describe_onnx.ts";
import { addGraph } from "../graph/add_graph.ts";
import { type Graph, nodesOf } from "../graph/node.ts";
import { graphOf } from "../networks/graph_of.ts";
import { elementNumber, OnnxGraph, type Value } from "./onnx_graph.ts";
import { stretchChannels } from "./stretch_channels.ts";
import { stretchIntensities } from "./stretch_intensities.ts";
import { padImages } from "./pad_images.ts";
import type { OnnxOptions } from "./onnx_options.ts";
import { type ModelPlan, textOfPlan } from "../plan.ts";
import type { FloatTensor } from "../files/safetensors.ts";
import { marginOf } from "../sizes.ts";

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
 * A network of classes has the probability of each class instead, `[batch,
 * classes, height, width]`, and `class_map` `[batch, 1, height, width]`, uint8:
 * the number of the most probable class. The metadata have the classes' names
 * under `classes`, a list as JSON.
 *
 * With `outputs: "joined"` there is one output instead: `prediction`, of all
 * heads' values after their activation, channel after channel.
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
 * @throws {RangeError} If the stretch is asked for of a network of
 * normalization `color-percentiles`.
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
  const { input } = plan.task, isChosen = hasChosenChannels(input);
  const { sizes = "any", stretch = canStretch(input), outputs } = options;
  const isJoined = outputs === "joined";
  if (stretch && !canStretch(input)) {
    throw new RangeError(
      "Cannot serialize ONNX model: found stretch with normalization " +
        `${input.normalization}, expected false, as the metadata describe it`,
    );
  }
  const graph = new OnnxGraph(half);
  const spread = isChosen ? stretchChannels : stretchIntensities;
  const seen = stretch ? spread(graph, "image") : "image";
  const padded = sizes === "any" ? padImages(graph, plan, seen) : undefined;
  const normalized = normalize(graph, plan, padded?.images ?? seen, half);
  const network = graphOf(plan);
  const raw = addGraph(graph, network, { x: normalized, tensors, fold });
  const whole = half
    ? graph.node("Cast", [raw], { to: elementNumber("float32") })
    : raw;
  // A node of its own gives the output its name.
  if (padded) padded.crop(whole, "logits");
  else graph.node("Identity", [whole], {}, ["logits"]);
  const activated = addActivations(graph, plan, { network, isJoined });
  if (isJoined) {
    graph.node("Concat", activated, { axis: 1 }, [joinedOutputName]);
  }
  const isSmaller = padded === undefined && marginOf(plan) > 0;
  const plane = isSmaller
    ? ["output_height", "output_width"] as const
    : ["height", "width"] as const;
  const { outputs: given, ...words } = describeOnnx(plan, {
    ...{ sizes, stretch },
    ...(outputs && { outputs }),
  });
  const [head] = nodesOf(network, "head");
  const described = Object.entries(given);
  const values = valuesOf(plan, head!);
  const { classes } = plan.task.heads.find(({ classes }) => classes) ?? {};
  return [
    ...graph.model(
      {
        name: "image",
        type: "float32",
        shape: ["batch", input.channels.length, "height", "width"],
        description: `${words.input}. Sizes: ${words.sizes}. ` +
          `Intensities: ${words.intensities}`,
      },
      described.map(([name, description]) => {
        const { type, channels } = values.get(name)!;
        const shape = ["batch", channels, ...plane];
        return { name, type, shape, description };
      }),
      {
        plan: textOfPlan(plan),
        ...(classes && { classes: JSON.stringify(classes) }),
        ...words,
        outputs: described.map((one) => one.join(": ")).join("; "),
        ...metadata,
      },
    ).pieces,
  ];
}

/** Whether a network's way to spread values can be part of a graph. */
function canStretch({ normalization }: Input): boolean {
  return normalization !== "color-percentiles";
}

/** The type of an output's values, and how many there are per pixel. */
interface OutputValues extends Pick<Value, "type"> {
  readonly channels: number;
}

/** The values of each output, by its name. */
function valuesOf(
  { task: { heads } }: ModelPlan,
  { to }: { readonly to: number },
): Map<string, OutputValues> {
  const values = new Map<string, OutputValues>();
  values.set("logits", { type: "float32", channels: to });
  values.set(joinedOutputName, {
    type: "float32",
    channels: channelsOfHeads(heads),
  });
  for (const [at, head] of heads.entries()) {
    const { channels } = head, map = onnxMapName(head, at);
    values.set(onnxOutputName(head, at), { type: "float32", channels });
    if (map !== undefined) values.set(map, { type: "uint8", channels: 1 });
  }
  return values;
}

/**
 * Adds each head's activation of `logits` as an output of its own.
 *
 * @returns The outputs' names, without those of class maps.
 */
function addActivations(
  graph: OnnxGraph,
  plan: ModelPlan,
  { network, isJoined }: {
    readonly network: Graph;
    readonly isJoined: boolean;
  },
): string[] {
  const { isPair } = nodesOf(network, "head")[0]!;
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
  const { heads } = plan.task, isAlone = heads.length === 1;
  return headPlaces(heads).map(({ head, from, to }, index) => {
    const output = onnxOutputName(head, index);
    if (isPair && index === 0) {
      const pair = isAlone ? "logits" : slice("logits", [0, 2], "pair");
      const softmax = graph.node("Softmax", [pair], { axis: 1 });
      return slice(softmax, [1, 2], head.name, [output]);
    }
    // The pair has one channel more than its head.
    const shift = isPair ? 1 : 0;
    const own = isAlone
      ? "logits"
      : slice("logits", [from + shift, to + shift], head.name);
    const node = onnxActivations[head.activation];
    graph.node(node.op, [own], node.attributes, [output]);
    const map = onnxMapName(head, index);
    if (map !== undefined && !isJoined) {
      const numbers = graph.node("ArgMax", [output], { axis: 1, keepdims: 1 });
      graph.node("Cast", [numbers], { to: elementNumber("uint8") }, [map]);
    }
    return output;
  });
}

const onnxActivations = {
  sigmoid: { op: "Sigmoid", attributes: {} },
  softmax: { op: "Softmax", attributes: { axis: 1 } },
  none: { op: "Identity", attributes: {} },
} as const satisfies Record<Activation, unknown>;

/** From 0…255, or 0…1 of chosen channels, to what the first convolution takes. */
function normalize(
  graph: OnnxGraph,
  { normalization: { mean, deviation }, task }: ModelPlan,
  images: string,
  half: boolean,
): string {
  const white = hasChosenChannels(task.input) ? 1 : 255;
  const plane = (name: string, values: readonly number[]): string =>
    graph.weights(name, {
      shape: [1, mean.length, 1, 1],
      values: new Float32Array(values),
    });
  const input = half
    ? graph.node("Cast", [images], { to: elementNumber("float16") })
    : images;
  const centered = graph.node("Sub", [
    input,
    plane("mean", mean.map((one) => white * one)),
  ]);
  return graph.node("Div", [
    centered,
    plane("deviation", deviation.map((one) => white * one)),
  ]);
}
