import type { Tree } from "./_forest.ts";

/** What a tree says within a box: an interval of 0…1 a column. */
interface Leaf {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** The box' share of the whole. */
  readonly volume: number;
  readonly mean: number;
}

/**
 * The variance of what a tree predicts, over inputs drawn uniformly from
 * bounds, and how much of it each group of columns explains alone: the
 * variance of the prediction averaged over all other columns (Hutter, Hoos and
 * Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter
 * Importance", 2014).
 *
 * @param bounds Lowest and highest value of each column.
 * @param groups The columns of each parameter; more than one of a categorical.
 */
export function marginalVariances(
  tree: Tree,
  bounds: readonly (readonly [number, number])[],
  groups: readonly (readonly number[])[],
): { total: number; parts: number[] } {
  const leaves = leavesOf(tree, bounds);
  let mean = 0;
  for (const leaf of leaves) mean += leaf.volume * leaf.mean;
  let total = 0;
  for (const leaf of leaves) total += leaf.volume * (leaf.mean - mean) ** 2;
  const parts = groups.map((group) => {
    const [column] = group;
    const variance = group.length === 1
      ? varianceAlong(leaves, column!, mean)
      : varianceOver(leaves, group, mean);
    return Math.max(0, variance);
  });
  return { total, parts };
}

function leavesOf(
  tree: Tree,
  bounds: readonly (readonly [number, number])[],
): Leaf[] {
  const leaves: Leaf[] = [];
  const pending = [{
    node: 0,
    low: new Float64Array(bounds.length),
    high: new Float64Array(bounds.length).fill(1),
  }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, low, high } = next;
    const column = tree.column[node]!;
    if (column < 0) {
      let volume = 1;
      for (let c = 0; c < bounds.length; c++) volume *= high[c]! - low[c]!;
      leaves.push({ low, high, volume, mean: tree.mean[node]! });
      continue;
    }
    const [least, most] = bounds[column]!;
    const place = (tree.threshold[node]! - least) / (most - least);
    // A file may hold values beyond the bounds it states.
    const threshold = Math.max(0, Math.min(1, place));
    pending.push(
      { node: tree.left[node]!, low, high: high.with(column, threshold) },
      { node: tree.right[node]!, low: low.with(column, threshold), high },
    );
  }
  // At a bound of the whole a box may have no width.
  return leaves.filter(({ volume }) => volume > 0);
}

/** Sweeps along one column: a leaf counts from its lower to its upper end. */
function varianceAlong(
  leaves: readonly Leaf[],
  column: number,
  mean: number,
): number {
  const steps = leaves.flatMap((leaf) => {
    const low = leaf.low[column]!, high = leaf.high[column]!;
    const height = leaf.volume / (high - low) * (leaf.mean - mean);
    return [{ at: low, height }, { at: high, height: -height }];
  }).sort((a, b) => a.at - b.at);
  let variance = 0, height = 0, at = 0;
  for (const step of steps) {
    variance += height * height * (step.at - at);
    height += step.height;
    at = step.at;
  }
  return variance;
}

/** Joins leaves that bound the columns alike, then sums over pairs of those. */
function varianceOver(
  leaves: readonly Leaf[],
  columns: readonly number[],
  mean: number,
): number {
  const joined = new Map<string, { leaf: Leaf; height: number }>();
  for (const leaf of leaves) {
    let extent = 1;
    for (const c of columns) extent *= leaf.high[c]! - leaf.low[c]!;
    const key = columns.map((c) => `${leaf.low[c]} ${leaf.high[c]}`).join();
    const height = leaf.volume / extent * (leaf.mean - mean);
    const found = joined.get(key);
    if (found) found.height += height;
    else joined.set(key, { leaf, height });
  }
  const all = [...joined.values()];
  let variance = 0;
  for (const a of all) {
    for (const b of all) {
      let overlap = 1;
      for (const c of columns) {
        const low = Math.max(a.leaf.low[c]!, b.leaf.low[c]!);
        const high = Math.min(a.leaf.high[c]!, b.leaf.high[c]!);
        overlap *= Math.max(0, high - low);
        if (overlap === 0) break;
      }
      variance += a.height * b.height * overlap;
    }
  }
  return variance;
}
