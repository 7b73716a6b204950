import { brief, briefList, briefText, cannot, ModelError } from "@unet/errors";
import { type Graph, nodesOf } from "./graph/node.ts";
import { type WeightShape, weightShapes } from "./graph/weight_shapes.ts";
import { graphOf } from "./networks/graph_of.ts";
import { imagenetNames, type NetworkName } from "./networks/networks.ts";
import { completePlan, type ModelPlan } from "./plan.ts";
import { isFloating, type SafetensorsView } from "./files/safetensors.ts";
import { torchShape } from "./files/torch_layout.ts";

/** Which tensors of a file a network takes. */
export interface WeightMapping {
  /** The tensors by the network's names. */
  readonly taken: ReadonlyMap<string, SafetensorsView>;
  /** The network's tensors that the file does not have. */
  readonly left: readonly string[];
  /**
   * The tensors of the head that the file has for the object alone, where the
   * network predicts its border too: taken, but for the border's channel.
   */
  readonly grown: readonly string[];
  /**
   * The first convolution, where the file has it for three channels and the
   * network takes another number of them.
   */
  readonly fitted: readonly string[];
  /** The file's tensors that no encoder has, such as a classifier's. */
  readonly ignored: readonly string[];
}

/** How {@linkcode mapWeights} reads a file. */
export interface MapOptions {
  /**
   * Whether a file may cover some layers only; without it, it must cover the
   * whole network or its whole encoder.
   */
  readonly partial?: boolean;
  /**
   * Whether a network that predicts borders takes a head that predicts none; false
   * by default.
   */
  readonly growHead?: boolean;
  /**
   * Whether a network takes a first convolution of three channels, whatever
   * its number of channels; false by default.
   */
  readonly fitChannels?: boolean;
  /**
   * Whether the heads start at random, whatever the file has for them: of a
   * network that learned something else; false by default.
   */
  readonly freshHead?: boolean;
}

/** Counters of batch norm, which no rule here reads. */
const isCounter = (name: string): boolean =>
  name.endsWith(".num_batches_tracked");

/**
 * Beginnings of tensors that belong to other networks around an encoder:
 * torchvision's classifier; decoder and heads of segmentation_models.pytorch,
 * unless they are the network's own.
 */
const strangers = [
  "classifier.",
  "fc.",
  "encoder.classifier.",
  "encoder.fc.",
  "decoder.center.",
  "decoder.blocks.",
  "segmentation_head.",
  "classification_head.",
] as const;

/** Beginnings of torchvision's names, and what this project puts before them. */
const prefixes: readonly (readonly [RegExp, string])[] = [
  [/^\d+\./, "encoder.features."],
  [/^(features|conv1|bn1|layer\d)\./, "encoder."],
];

/**
 * Finds a network's tensors in a file: under this project's names; as an
 * encoder alone under torchvision's (`features.0.weight`, `layer1.0.conv1.weight`,
 * or `0.weight` as of `model.features`); or as the encoder in a network of
 * segmentation_models.pytorch. `module.`, which PyTorch's parallel training
 * adds, is taken off.
 *
 * @param plan The network, complete.
 * @param tensors The file's tensors.
 * @param name What to call the file in a message.
 * @param options Whether the file may cover some layers only, or no borders.
 * @returns What is taken, what the file lacks, what is ignored.
 * @throws {ModelError} Listing every missing, surplus and misshapen tensor,
 * with what was expected and what was found.
 *
 * @example
 * ```ts
 * import { completePlan, mapWeights } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const view = (...shape: number[]) => ({
 *   dtype: "F32" as const,
 *   shape,
 *   bytes: new Uint8Array(4 * shape.reduce((a, b) => a * b)),
 * });
 * const { taken } = mapWeights(
 *   completePlan({ network: "vgg16" }),
 *   new Map([
 *     ["features.0.weight", view(64, 3, 3, 3)],
 *     ["features.0.bias", view(64)],
 *   ]),
 *   "first.pth",
 *   { partial: true },
 * );
 * assertEquals([...taken.keys()], [
 *   "encoder.features.0.weight",
 *   "encoder.features.0.bias",
 * ]);
 * ```
 */
export function mapWeights(
  plan: ModelPlan,
  tensors: ReadonlyMap<string, SafetensorsView>,
  name: string,
  options: MapOptions = {},
): WeightMapping {
  const { partial = false, growHead = false, fitChannels = false } = options;
  const { freshHead = false } = options;
  const graph = graphOf(plan), shapes = weightShapes(graph);
  const known = new Set(shapes.map((weight) => weight.name));
  const { named, ignored, encoderAlone } = renameTensors(tensors, known);
  const heads = nodesOf(graph, "head").map((head) => head.name);
  const taken = new Map<string, SafetensorsView>();
  const left: string[] = [], grown: string[] = [], fitted: string[] = [];
  const faults: string[] = [], first = firstKernelOf(graph);
  const layers = new Set([...named.keys()].map(layerName));
  for (const weight of shapes) {
    const view = named.get(weight.name);
    if (freshHead && heads.includes(layerName(weight.name))) {
      left.push(weight.name);
      continue;
    }
    const isLeft = partial
      ? !layers.has(layerName(weight.name))
      : encoderAlone && !weight.name.startsWith("encoder.");
    if (view !== undefined) {
      const lacksBorder = growHead && plan.task.heads.length > 1 &&
        heads.includes(layerName(weight.name)) && isObjectHead(weight, view);
      const isOfColors = fitChannels && weight.name === first &&
        isColorKernel(weight, view);
      const fault = lacksBorder || isOfColors
        ? undefined
        : faultOf(weight, view);
      if (fault === undefined) taken.set(weight.name, view);
      else faults.push(fault);
      if (lacksBorder) grown.push(weight.name);
      if (isOfColors) fitted.push(weight.name);
    } else if (isLeft) left.push(weight.name);
    else {
      faults.push(
        `${weight.name} is missing, expected [${torchShape(weight.shape)}]`,
      );
    }
  }
  for (const [tensor, { dtype, shape }] of named) {
    if (known.has(tensor)) continue;
    faults.push(
      `${briefText(tensor)} is ${dtype} ${brief(shape)}, expected none`,
    );
  }
  if (faults.length > 0) throw misfit(plan, named, name, faults);
  if (taken.size === 0) {
    throw new ModelError(
      cannot("load", "weights", name, {
        found: "no tensor of the network",
        expected: `names such as ${shapes[0]!.name}`,
      }),
    );
  }
  return { taken, left, grown, fitted, ignored };
}

/**
 * Finds out which of torchvision's encoders a file holds: the one with whose
 * tensors' names it has most in common.
 *
 * @param tensors The file's tensors.
 * @returns The network's name; undefined if no encoder's tensor is in the file.
 *
 * @example
 * ```ts
 * import { encoderOf } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array(4);
 * const view = { dtype: "F32", shape: [1], bytes } as const;
 * const file = new Map([["features.1.running_mean", view]]);
 * assertEquals(encoderOf(file), "vgg16_bn");
 * ```
 */
export function encoderOf(
  tensors: ReadonlyMap<string, SafetensorsView>,
): NetworkName | undefined {
  const isEncoders = (name: string): boolean => name.startsWith("encoder.");
  const { named } = renameTensors(tensors, new Set());
  const found = new Set([...named.keys()].filter(isEncoders));
  let best: NetworkName | undefined, largest = 0;
  for (const network of imagenetNames) {
    const own = weightShapes(graphOf(completePlan({ network })))
      .map(({ name }) => name).filter(isEncoders);
    const both = own.filter((name) => found.has(name)).length;
    const share = both / (own.length + found.size - both);
    if (share > largest) [best, largest] = [network, share];
  }
  return best;
}

function renameTensors(
  tensors: ReadonlyMap<string, SafetensorsView>,
  known: ReadonlySet<string>,
): {
  named: Map<string, SafetensorsView>;
  ignored: string[];
  encoderAlone: boolean;
} {
  const names = [...tensors.keys()];
  const isWrapped = names.every((name) => name.startsWith("module."));
  const named = new Map<string, SafetensorsView>(), ignored: string[] = [];
  let encoderAlone = false;
  for (const [original, view] of tensors) {
    const name = isWrapped ? original.slice("module.".length) : original;
    if (isCounter(name)) continue;
    if (
      !known.has(name) && strangers.some((start) => name.startsWith(start))
    ) {
      ignored.push(original);
      encoderAlone = true;
      continue;
    }
    const [, prefix] = prefixes.find(([start]) => start.test(name)) ?? [];
    if (prefix !== undefined) encoderAlone = true;
    named.set((prefix ?? "") + name, view);
  }
  return { named, ignored, encoderAlone };
}

/** `encoder.features.0` of `encoder.features.0.weight`. */
function layerName(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

/** Whether a tensor of a head has its shape, but for its last output. */
function isObjectHead(
  { shape }: WeightShape,
  view: SafetensorsView,
): boolean {
  const [outputs, ...rest] = torchShape(shape);
  return isFloating(view) &&
    `${view.shape}` === `${[outputs! - 1, ...rest]}`;
}

/** Whether a tensor is a first convolution of three channels instead. */
function isColorKernel(
  { shape }: WeightShape,
  view: SafetensorsView,
): boolean {
  const [outputs, channels, ...rest] = torchShape(shape);
  return channels !== 3 && isFloating(view) &&
    `${view.shape}` === `${[outputs, 3, ...rest]}`;
}

/** The name of the kernel that meets the image. */
export function firstKernelOf(graph: Graph): string {
  const first = nodesOf(graph, "convolution").find(({ inputs }) =>
    graph[inputs[0]!]!.op === "image"
  );
  return `${first!.name}.weight`;
}

function faultOf(
  { name, shape }: WeightShape,
  view: SafetensorsView,
): string | undefined {
  const expected = torchShape(shape);
  if (`${view.shape}` === `${expected}` && isFloating(view)) return undefined;
  return `${name} is ${view.dtype} ${
    brief(view.shape)
  }, expected [${expected}]`;
}

function misfit(
  plan: ModelPlan,
  named: ReadonlyMap<string, SafetensorsView>,
  name: string,
  faults: readonly string[],
): ModelError {
  const found = encoderOf(named);
  const remedy = found !== undefined && found !== plan.network &&
      imagenetNames.some((name) => name === plan.network)
    ? `the file looks like ${found}, the network is ${plan.network}`
    : undefined;
  const count = faults.length === 1
    ? "1 tensor that does"
    : `${faults.length} tensors that do`;
  return new ModelError(
    cannot("load", "weights", name, {
      found: `${count} not fit the network: ${
        briefList(faults, { most: 20, between: "; " })
      }`,
      ...(remedy === undefined ? {} : { remedy }),
    }),
  );
}
