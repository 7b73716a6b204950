import type { Int8ConvolutionAttrs } from "@unet/device/fused-kernels";
import { cannot, ModelError } from "@unet/errors";
import type { FeatureLimits } from "../int8.ts";
import type { ConvolutionNode, Graph, NodeOf } from "./node.ts";

/** A node whose features have a name, and so a limit. */
type NamedNode = NodeOf<"convolution" | "up" | "add">;

/**
 * What eight bits span at the input and output of a convolution: its input is
 * what the layer before it gives.
 *
 * @param graph The network.
 * @param node One of its convolutions.
 * @param limits How large each layer's features get.
 * @returns The limits; null for the first convolution, which stays in floats.
 * @throws {ModelError} If a layer's limit is missing.
 */
export function int8Limits(
  graph: Graph,
  node: ConvolutionNode,
  limits: FeatureLimits,
): Int8ConvolutionAttrs | null {
  const before = giverOf(graph, node.inputs[0]!);
  if (!before) return null;
  // A head computes on floats, and so does a sum.
  const staysFloat = !node.relu ||
    graph.some((reader) =>
      (reader.op === "head" || reader.op === "add") &&
      reader.inputs.some((input) => graph[input] === node)
    );
  return {
    inputLimit: limitOf(limits, before.name),
    signed: isSigned(graph, before),
    outputLimit: staysFloat ? null : limitOf(limits, node.name),
    stride: node.stride,
    relu: node.relu,
  };
}

/** The node that computed the features at a place, past those that choose. */
function giverOf(graph: Graph, place: number): NamedNode | null {
  const node = graph[place]!;
  switch (node.op) {
    case "convolution":
    case "up":
    case "add":
      return node;
    case "image":
    case "head":
      return null;
    default:
      return giverOf(graph, node.inputs[0]!);
  }
}

/** Whether a node's features may be negative. */
function isSigned(graph: Graph, node: NamedNode): boolean {
  if (node.op === "add") return false;
  if (node.op === "convolution") return !node.relu;
  return node.by === "convolution" || node.inputs.some((input) => {
    const giver = giverOf(graph, input);
    return giver === null || isSigned(graph, giver);
  });
}

/**
 * How large a layer's features get.
 *
 * @throws {ModelError} If its limit is missing.
 */
export function limitOf(limits: FeatureLimits, name: string): number {
  const limit = limits.get(name);
  // Features that were all zero have no size; any limit keeps them.
  if (limit !== undefined) return limit || 1;
  throw new ModelError(
    cannot("compute in int8", "layer", name, {
      found: "no limits for its features",
      expected: "those of every layer",
      remedy: "measure them with unet calibrate",
    }),
  );
}
