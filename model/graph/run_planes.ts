import type * as tf from "@tensorflow/tfjs-core";
import { fusedKernels, type PlanesAttrs } from "@unet/device/fused-kernels";
import { hasKernel, runKernel } from "@unet/device/run-kernel";
import type { FeatureLimits } from "../int8.ts";
import { withoutGradient } from "../operations/without_gradient.ts";
import { limitOf } from "./int8_limits.ts";
import type { Graph, GraphNode } from "./node.ts";
import type { WeightStore } from "./weight_store.ts";

/** Channels that planes are computed by. */
const blockChannels = 8;

/** Whether graphs suit, which never change. */
const known = new WeakMap<Graph, boolean>();

/**
 * Whether a network computes in eight bits by the kernels of planes: the
 * device has them, and it is made of what they compute, as a U-Net of padded
 * convolutions of 3×3 is, of channels that are multiples of 8.
 *
 * @param graph The network.
 */
export function suitsPlanes(graph: Graph): boolean {
  if (!hasKernel(fusedKernels.planesConvolution)) return false;
  let suits = known.get(graph);
  if (suits === undefined) {
    suits = graph.every((node) => isPlain(graph, node));
    known.set(graph, suits);
  }
  return suits;
}

function isPlain(graph: Graph, node: GraphNode): boolean {
  const givers = node.inputs.map((input) => giverOf(graph, input));
  switch (node.op) {
    case "image":
    case "dropout":
      return true;
    case "convolution": {
      const isFirst = givers[0]!.op === "image";
      const fits = (channels: number) => channels % blockChannels === 0;
      return node.kernel === 3 && node.stride === 1 && node.isPadded &&
        node.relu && fits(node.channels) && (isFirst || fits(node.from)) &&
        (!feedsHead(graph, node) || !isFirst && readersOf(graph, node) === 1);
    }
    case "pool":
      return node.size === 2 && givers[0]!.op === "convolution";
    case "up":
      return node.by === "convolution" && node.to % blockChannels === 0 &&
        givers.length === 2 && givers.every(({ op }) => op === "convolution");
    case "head":
      return node.kernel === 1 && node.to <= blockChannels && !node.isPair &&
        givers[0]!.op === "convolution";
    case "add":
    case "crop":
      return false;
  }
}

/** The node that computed the features at a place, past dropout. */
function giverOf(graph: Graph, place: number): GraphNode {
  const node = graph[place]!;
  return node.op === "dropout" ? giverOf(graph, node.inputs[0]!) : node;
}

function feedsHead(graph: Graph, giver: GraphNode): boolean {
  return graph.some(({ op, inputs }) =>
    op === "head" && inputs.some((input) => giverOf(graph, input) === giver)
  );
}

function readersOf(graph: Graph, giver: GraphNode): number {
  return graph.filter(({ op, inputs }) =>
    op !== "dropout" &&
    inputs.some((input) => giverOf(graph, input) === giver)
  ).length;
}

/**
 * One node of a network that {@linkcode suitsPlanes}.
 *
 * @param node The node.
 * @param inputs What it computes from.
 * @param run The network, its weights, and how large features get.
 * @returns Its features; null where a node is computed as always.
 */
export function inferPlanes(
  node: GraphNode,
  inputs: readonly tf.Tensor4D[],
  { graph, weights, limits }: {
    readonly graph: Graph;
    readonly weights: WeightStore;
    readonly limits: FeatureLimits;
  },
): tf.Tensor4D | null {
  const [x, skip] = inputs as [tf.Tensor4D, tf.Tensor4D];
  const ofLayer = (name: string) => ({
    kernel: weights.get(`${name}.weight`),
    bias: weights.get(`${name}.bias`),
  });
  switch (node.op) {
    case "convolution": {
      const { kernel, bias } = weights.folded(node);
      const limit = feedsHead(graph, node) ? null : limitOf(limits, node.name);
      return compute(fusedKernels.planesConvolution, { x, kernel, bias }, {
        limit,
      });
    }
    case "pool":
      return compute(fusedKernels.planesPool, { x });
    case "up":
      return compute(
        fusedKernels.planesUp,
        { x, skip, ...ofLayer(node.name) },
        { limit: limitOf(limits, node.name) },
      );
    case "head":
      return compute(fusedKernels.planesHead, { x, ...ofLayer(node.name) });
    default:
      return null;
  }
}

function compute(
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attributes?: PlanesAttrs,
): tf.Tensor4D {
  return withoutGradient(() =>
    runKernel(kernel, inputs, { ...attributes })[0] as tf.Tensor4D
  );
}
