import { type Costs, predictSeconds } from "./cost_model.ts";

/** Networks that are predicted, and the bytes of their gradients. */
export const networks = [
  { width: 0.25, bytes: 4 * 3_444_065 },
  { width: 1, bytes: 4 * 55_000_000 },
] as const;

/** Numbers of nodes. */
export const nodeCounts = [2, 4, 8, 16, 32, 64] as const;

/** Gigabits per second. */
export const rates = [1, 10, 100] as const;

/** Tiles of the whole batch, whatever the number of nodes. */
export const tiles = 64;

/** Cores of a node, of the kind that was measured. */
export const cores = 16;

/** A cluster, and what it trains. */
export interface Cluster {
  readonly width: number;
  readonly bytes: number;
  /** Gigabits per second. */
  readonly rate: number;
  readonly nodes: number;
}

/**
 * Predicts how many times as fast as one node a cluster makes steps: nodes
 * compute as so many cores at once, and hide none of the network.
 */
export function speedup(costs: Costs, cluster: Cluster): number {
  const secondsOf = (nodes: number): number =>
    predictSeconds(nodeCosts(costs), {
      ...{ ranks: nodes, tiles: tiles / nodes, width: cluster.width },
      ...{ bytes: cluster.bytes, bitsPerSecond: 1e9 * cluster.rate },
    });
  return secondsOf(1) / secondsOf(cluster.nodes);
}

/** The costs of a node: its cores divide tiles and weights, not copying. */
function nodeCosts(costs: Costs): Costs {
  const divide = (
    seconds: Readonly<Record<string, number>>,
  ): Record<string, number> =>
    Object.fromEntries(
      Object.entries(seconds).map(([width, value]) => [width, value / cores]),
    );
  return {
    ...costs,
    perTile: divide(costs.perTile),
    perStep: divide(costs.perStep),
  };
}
