import type { Graph, GraphNode } from "./node.ts";
import { isParameter, weightsOfNode } from "./weight_shapes.ts";

/** The parts of a network that training does not change. */
export interface Freezing {
  /** How many of the encoder's blocks, from the input. */
  readonly blocks: number;
  /** Whether batch norm does: statistics, scales and offsets. */
  readonly batchNorm: boolean;
}

/** Whether a node belongs to a frozen block. */
export function isFrozen(
  { block }: GraphNode,
  { blocks }: Pick<Freezing, "blocks">,
): boolean {
  return block !== undefined && block < blocks;
}

/**
 * The names of the tensors that training changes by gradient.
 *
 * @param graph The network.
 * @param freezing What stays as it is.
 * @returns The names, in the order of the nodes.
 */
export function trainableWeights(graph: Graph, freezing: Freezing): string[] {
  return graph.filter((node) => !isFrozen(node, freezing))
    .flatMap(weightsOfNode)
    .filter(({ role }) =>
      isParameter(role) &&
      !(freezing.batchNorm && (role === "scale" || role === "offset"))
    ).map(({ name }) => name);
}
