import { type Random, shuffle } from "@unet/random";

/** A regression tree as columns of its nodes; the root is node 0. */
export interface Tree {
  /** The column that a node splits; -1 in a leaf. */
  readonly column: readonly number[];
  /** What goes left: values up to this one. */
  readonly threshold: readonly number[];
  /** The node of what goes left. */
  readonly left: readonly number[];
  /** The node of what goes right. */
  readonly right: readonly number[];
  /** The mean of the targets that came to a node. */
  readonly mean: readonly number[];
}

const deepest = 64;
/** More would be slow where choices are many, and show no more. */
const mostDrawn = 1000;
/** Below it the spread of a node is the rounding of its sums. */
const noise = 1e-12;

/**
 * Grows a tree on as many rows as there are, or 1000 of more, drawn with
 * replacement; of all columns it splits the one that leaves the least squared error, down to rows
 * that cannot be distinguished. So do the trees of scikit-learn's
 * RandomForestRegressor by default.
 *
 * @param columns The inputs, a column each, numbers alone.
 * @param targets What to predict, of about unit variance.
 */
export function growTree(
  columns: readonly Float64Array[],
  targets: Float64Array,
  random: Random,
): Tree {
  const sample = drawSample(columns, targets, random);
  const nodes = {
    column: [-1],
    threshold: [NaN],
    left: [-1],
    right: [-1],
    mean: [0],
  };
  const all = { start: 0, end: sample.spare.length };
  const pending = [{ node: 0, range: all, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, range, depth } = next;
    const { mean, variance } = spreadOf(sample, range);
    nodes.mean[node] = mean;
    if (depth === deepest || variance <= noise) continue;
    const split = bestSplit(sample, range, random);
    if (!split) continue;
    const middle = separate(sample, range, split);
    const left = nodes.column.length, right = left + 1;
    for (let i = 0; i < 2; i++) {
      nodes.column.push(-1);
      nodes.threshold.push(NaN);
      nodes.left.push(-1);
      nodes.right.push(-1);
      nodes.mean.push(0);
    }
    nodes.column[node] = split.column;
    nodes.threshold[node] = split.threshold;
    nodes.left[node] = left;
    nodes.right[node] = right;
    pending.push(
      { node: left, range: { ...range, end: middle }, depth: depth + 1 },
      { node: right, range: { ...range, start: middle }, depth: depth + 1 },
    );
  }
  return nodes;
}

/** The rows that a tree is grown on. */
interface Sample {
  readonly columns: readonly Float64Array[];
  readonly targets: Float64Array;
  /** How often each row was drawn. */
  readonly weights: Float64Array;
  /** The drawn rows in each column's order; a node has a range of them. */
  readonly orders: readonly Int32Array[];
  /** Whether a row goes left at the node that is being split. */
  readonly isLeft: Uint8Array;
  /** Room for as many rows as were drawn. */
  readonly spare: Int32Array;
}

/** Rows of one node, in each of the orders. */
interface NodeRange {
  readonly start: number;
  readonly end: number;
}

/** How a node is split. */
interface Split {
  readonly column: number;
  readonly threshold: number;
}

function drawSample(
  columns: readonly Float64Array[],
  targets: Float64Array,
  random: Random,
): Sample {
  const rows = targets.length;
  const weights = new Float64Array(rows);
  for (let i = Math.min(rows, mostDrawn); i > 0; i--) {
    weights[random.integer(0, rows - 1)]! += 1;
  }
  const drawn = [...weights.keys()].filter((row) => weights[row]! > 0);
  // Sorted once: a split keeps the order on both of its sides.
  const orders = columns.map((column) =>
    Int32Array.from(drawn).sort((a, b) => column[a]! - column[b]!)
  );
  const isLeft = new Uint8Array(rows), spare = new Int32Array(drawn.length);
  return { columns, targets, weights, orders, isLeft, spare };
}

/** Mean and variance of a node's targets. */
function spreadOf(
  { orders, weights, targets }: Sample,
  { start, end }: NodeRange,
): { mean: number; variance: number } {
  let weight = 0, sum = 0, squares = 0;
  for (let i = start; i < end; i++) {
    const row = orders[0]![i]!, w = weights[row]!, y = targets[row]!;
    weight += w;
    sum += w * y;
    squares += w * y * y;
  }
  const mean = sum / weight;
  return { mean, variance: squares / weight - mean * mean };
}

function bestSplit(
  { columns, orders, weights, targets }: Sample,
  { start, end }: NodeRange,
  random: Random,
): Split | undefined {
  let weight = 0, sum = 0;
  for (let i = start; i < end; i++) {
    const row = orders[0]![i]!;
    weight += weights[row]!;
    sum += weights[row]! * targets[row]!;
  }
  let best: Split | undefined;
  let bestGain = -Infinity;
  // In random order, so that of equal splits none is favored.
  for (const column of shuffle([...columns.keys()], random)) {
    const values = columns[column]!, order = orders[column]!;
    let leftWeight = 0, leftSum = 0;
    for (let i = start; i < end - 1; i++) {
      const row = order[i]!, w = weights[row]!;
      leftWeight += w;
      leftSum += w * targets[row]!;
      const value = values[row]!, after = values[order[i + 1]!]!;
      if (!(after > value)) continue;
      const rightSum = sum - leftSum;
      const gain = leftSum * leftSum / leftWeight +
        rightSum * rightSum / (weight - leftWeight);
      if (gain <= bestGain) continue;
      bestGain = gain;
      const middle = value + (after - value) / 2;
      best = { column, threshold: middle < after ? middle : value };
    }
  }
  return best;
}

/** Puts a node's rows that go left before the others, in every order. */
function separate(
  { columns, orders, isLeft, spare }: Sample,
  { start, end }: NodeRange,
  { column, threshold }: Split,
): number {
  let middle = start;
  for (let i = start; i < end; i++) {
    const row = orders[column]![i]!;
    isLeft[row] = Number(columns[column]![row]! <= threshold);
    middle += isLeft[row]!;
  }
  for (const order of orders) {
    let kept = start, set = 0;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      if (isLeft[row]) order[kept++] = row;
      else spare[set++] = row;
    }
    order.set(spare.subarray(0, set), kept);
  }
  return middle;
}
