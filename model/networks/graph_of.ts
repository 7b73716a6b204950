import { GraphBuilder } from "../graph/graph_builder.ts";
import type { Graph } from "../graph/node.ts";
import type { LayerPlan, Network } from "./network.ts";
import { type NetworkName, networks } from "./networks.ts";

/**
 * Lays out a network.
 *
 * @param plan Which network, and what decides its layers.
 * @returns Its nodes in the order in which they run, the head last.
 *
 * @example
 * ```ts
 * import { completePlan, graphOf } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphOf(completePlan());
 * const convolutions = graph.filter(({ op }) => op === "convolution");
 * assertEquals(convolutions.length, 27);
 * ```
 */
export function graphOf(
  plan: LayerPlan & { readonly network: NetworkName },
): Graph {
  const network: Network = networks[plan.network];
  const graph = new GraphBuilder();
  const features = network.encoder(graph, graph.image(3), plan);
  graph.endEncoder();
  network.decoder(graph, features, plan);
  return graph.graph;
}
