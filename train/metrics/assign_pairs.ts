import { munkres } from "munkres";
import type { OverlapPair, Overlaps } from "./overlaps.ts";

/**
 * Assigns each predicted instance to at most one true one, such that as many
 * pairs as possible reach the threshold, and of such assignments the one of
 * the largest sum of intersections over unions, over all its pairs: the
 * assignment of StarDist's `matching`.
 *
 * Instances that overlap, directly or through others, are assigned apart from
 * all others, since a pair that shares nothing adds nothing. Where no two pairs
 * that reach the threshold have an instance in common, as always above one
 * half, they are the assignment. So what is left to solve is rare and small.
 *
 * @param overlaps The instances.
 * @param threshold The intersection over union to reach, above 0.
 * @returns The assigned pairs that reach it.
 */
export function assignPairs(
  overlaps: Overlaps,
  threshold: number,
): OverlapPair[] {
  const { trueAreas, predictedAreas } = overlaps;
  // Small enough that it never outweighs a pair.
  const share = 1 / (2 * Math.min(trueAreas.length, predictedAreas.length));
  return groupsOf(overlaps).flatMap((pairs) => {
    const good = pairs.filter(({ iou }) => iou >= threshold);
    if (isOneToOne(good)) return good;
    const worth = ({ iou }: OverlapPair): number =>
      (iou >= threshold ? 1 : 0) + iou * share;
    return assign(pairs, worth).filter(({ iou }) => iou >= threshold);
  });
}

function isOneToOne(pairs: readonly OverlapPair[]): boolean {
  return new Set(pairs.map(({ truth }) => truth)).size === pairs.length &&
    new Set(pairs.map(({ prediction }) => prediction)).size === pairs.length;
}

/** The pairs by connected instances. */
function groupsOf({ trueAreas, pairs }: Overlaps): OverlapPair[][] {
  const groups = new Map<number, OverlapPair[]>();
  const links: number[] = [];
  const rootOf = (node: number): number => {
    while (links[node] !== undefined && links[node] !== node) {
      node = links[node]!;
    }
    return node;
  };
  for (const { truth, prediction } of pairs) {
    const a = rootOf(truth), b = rootOf(trueAreas.length + prediction);
    if (a !== b) links[Math.max(a, b)] = Math.min(a, b);
  }
  for (const pair of pairs) {
    const root = rootOf(pair.truth), group = groups.get(root);
    if (group === undefined) groups.set(root, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
}

/** The pairs of the assignment that is worth most. */
function assign(
  pairs: readonly OverlapPair[],
  worth: (pair: OverlapPair) => number,
): OverlapPair[] {
  const rows = numbered(pairs.map(({ truth }) => truth));
  const columns = numbered(pairs.map(({ prediction }) => prediction));
  const costs = Array.from(
    rows,
    () => new Array<number>(columns.size).fill(0),
  );
  const found = new Map<number, OverlapPair>();
  for (const pair of pairs) {
    const row = rows.get(pair.truth)!, column = columns.get(pair.prediction)!;
    costs[row]![column] = -worth(pair);
    found.set(row * columns.size + column, pair);
  }
  return munkres(costs).flatMap(([row, column]) =>
    found.get(row * columns.size + column) ?? []
  );
}

/** Numbers values in the order in which they first come. */
function numbered(values: readonly number[]): Map<number, number> {
  return new Map([...new Set(values)].map((value, index) => [value, index]));
}
