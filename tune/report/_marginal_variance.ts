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
 * @param groups The columns of each parameter; of a categorical one several,
 * of 0 and 1.
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

/** Leaves that ask the same of columns of 0 and 1, as bits of each. */
interface Joined {
  /** Those that have to be 0. */
  readonly zeros: Int32Array;
  /** Those that have to be 1. */
  readonly ones: Int32Array;
  height: number;
}

/**
 * Sums over pairs of leaves, of which those that ask the same of the columns
 * are joined. The columns are 0 and 1, so a leaf asks for one of the two, each
 * a half of the whole, or for neither.
 */
function varianceOver(
  leaves: readonly Leaf[],
  columns: readonly number[],
  mean: number,
): number {
  const words = Math.ceil(columns.length / 32);
  const joined = new Map<string, Joined>();
  for (const leaf of leaves) {
    const zeros = new Int32Array(words), ones = new Int32Array(words);
    let extent = 1;
    columns.forEach((column, i) => {
      const bit = 1 << (i % 32), word = i >> 5;
      if (leaf.high[column]! < 1) zeros[word]! |= bit;
      else if (leaf.low[column]! > 0) ones[word]! |= bit;
      else return;
      extent /= 2;
    });
    const height = leaf.volume / extent * (leaf.mean - mean);
    const key = `${zeros} ${ones}`, found = joined.get(key);
    if (found) found.height += height;
    else joined.set(key, { zeros, ones, height });
  }
  const all = [...joined.values()];
  let variance = 0;
  all.forEach((a, i) => {
    variance += a.height * a.height * overlap(a, a);
    for (let j = i + 1; j < all.length; j++) {
      const b = all[j]!;
      variance += 2 * a.height * b.height * overlap(a, b);
    }
  });
  return variance;
}

/** The share of the whole that two of them have in common. */
function overlap(a: Joined, b: Joined): number {
  let asked = 0;
  for (let word = 0; word < a.zeros.length; word++) {
    const zeros = a.zeros[word]! | b.zeros[word]!;
    const ones = a.ones[word]! | b.ones[word]!;
    if (zeros & ones) return 0;
    asked += countBits(zeros | ones);
  }
  return 2 ** -asked;
}

/** Bits of 32 that are set, added up in parallel (Warren, Hacker's Delight). */
function countBits(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
