import { GraphBuilder } from "../graph/graph_builder.ts";
import type { Graph } from "../graph/node.ts";
import { channelsOfHeads, type Task } from "@unet/task";
import { type AnyNetwork, networkOf } from "./custom_network.ts";
import type { LayerPlan } from "./network.ts";

/** The settings that decide a network's graph. */
export type GraphPlan = Omit<LayerPlan, "outputs"> & {
  /** The network, by its name in the table of networks, or one of your own. */
  readonly network: AnyNetwork;
  /** What comes in and what is learned. */
  readonly task: Task;
};

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
export function graphOf(plan: GraphPlan): Graph {
  const network = networkOf(plan.network);
  const graph = new GraphBuilder();
  const { task, ...rest } = plan;
  const layers = { ...rest, outputs: channelsOfHeads(task.heads) };
  const image = graph.image(task.input.channels.length);
  const features = network.encoder(graph, image, layers);
  graph.endEncoder();
  network.decoder(graph, features, layers);
  return graph.graph;
}
