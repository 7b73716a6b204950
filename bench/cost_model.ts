/**
 * What a step of a training on several ranks costs: a model with few numbers,
 * fitted on measured times.
 *
 * A rank's seconds are those of its tiles, of its weights (arranging kernels,
 * the optimizer), of the bytes that it copies and adds, and of the network. The
 * sum of a gradient is Rabenseifner's algorithm, MPICH's for long vectors
 * (Thakur, Rabenseifner and Gropp, "Optimization of Collective Communication
 * Operations in MPICH", 2005).
 */

/** A step, or a sum alone. */
export interface Work {
  /** Processes that work together, each with a link of its own. */
  readonly ranks: number;
  /** Tiles of a rank; 0 for a sum alone. */
  readonly tiles: number;
  /** Width of the network, which costs of tiles and weights go by. */
  readonly width: number;
  /** Bytes that are summed. */
  readonly bytes: number;
  /** Bits per second of a link; infinite for one rank. */
  readonly bitsPerSecond: number;
}

/** Work that was measured. */
export interface MeasuredWork extends Work {
  readonly seconds: number;
}

/** The numbers of the model. */
export interface Costs {
  /** By width: seconds per tile, and per step whatever the tiles. */
  readonly perTile: Readonly<Record<string, number>>;
  readonly perStep: Readonly<Record<string, number>>;
  /** Seconds per byte that a rank copies and adds. */
  readonly perByte: number;
  /** Seconds per message. */
  readonly latency: number;
  /** The share of a link that gradients get of it, 0 to 1. */
  readonly efficiency: number;
}

/** Messages one after the other: of the gradient, and of three small sums. */
export function messagesOf({ ranks, tiles }: Work): number {
  const rounds = Math.ceil(Math.log2(ranks)), small = tiles > 0 ? 3 : 0;
  return (2 + small) * rounds;
}

/**
 * How many times the bytes a rank sends, as many as it receives: nearly twice.
 * Where the number of ranks is no power of two, those beyond one hand all their
 * values to a neighbor before, and get all sums of it afterwards.
 */
export function trafficOf(ranks: number): number {
  const power = 2 ** Math.floor(Math.log2(ranks));
  return 2 * (power - 1) / power + (power < ranks ? 2 : 0);
}

/** Seconds that a link needs for the bytes, if they get all of it. */
function linkSeconds({ ranks, bytes, bitsPerSecond }: Work): number {
  if (ranks === 1) return 0;
  return trafficOf(ranks) * 8 * bytes / bitsPerSecond;
}

/**
 * What the unknowns are multiplied with: seconds per tile and per step by width,
 * per byte, per message, and how much more than its time a link takes.
 */
function factorsOf(work: Work, widths: readonly number[]): number[] {
  const isTraining = work.tiles > 0;
  return [
    ...widths.map((width) => width === work.width ? work.tiles : 0),
    ...widths.map((width) => isTraining && width === work.width ? 1 : 0),
    ...[work.ranks > 1 ? work.bytes : 0, messagesOf(work), linkSeconds(work)],
  ];
}

/**
 * Fits the model by least squares of relative errors; no cost is below 0.
 *
 * @throws {RangeError} If the measurements do not settle a number.
 */
export function fitCosts(measured: readonly MeasuredWork[]): Costs {
  const widths = [
    ...new Set(
      measured.filter(({ tiles }) => tiles > 0).map(({ width }) => width),
    ),
  ].sort((a, b) => a - b);
  const rows = measured.map((work) => [
    ...factorsOf(work, widths).map((factor) => factor / work.seconds),
    // What is not the link's, which cannot be faster than it is.
    1 - linkSeconds(work) / work.seconds,
  ]);
  const values = solveNonNegative(rows);
  const count = widths.length;
  const byWidth = (from: number): Record<string, number> =>
    Object.fromEntries(widths.map((width, i) => [width, values[from + i]!]));
  const [perByte = 0, latency = 0, excess = 0] = values.slice(2 * count);
  return {
    ...{ perTile: byWidth(0), perStep: byWidth(count), perByte, latency },
    efficiency: 1 / (1 + excess),
  };
}

/** A cost by width; sums alone have none. */
function ofWidth(
  costs: Readonly<Record<string, number>>,
  { tiles, width }: Work,
): number {
  if (tiles === 0) return 0;
  const cost = costs[width];
  if (cost !== undefined) return cost;
  throw new RangeError(`No step was measured at width ${width}`);
}

/**
 * Predicts the seconds of a step, or of a sum alone.
 *
 * @param hidden The share of the tiles' time in which the network works as
 * well; 0 if sums begin after the backward pass.
 * @throws {RangeError} If no step was measured at that width.
 */
export function predictSeconds(
  costs: Costs,
  work: Work,
  hidden = 0,
): number {
  const tiles = work.tiles * ofWidth(costs.perTile, work);
  const weights = ofWidth(costs.perStep, work);
  const copying = work.ranks > 1 ? costs.perByte * work.bytes : 0;
  const network = linkSeconds(work) / costs.efficiency +
    costs.latency * messagesOf(work);
  return tiles + weights + copying + Math.max(0, network - hidden * tiles);
}

/**
 * Numbers from 0 whose products with a row's factors are nearest to its last
 * value, over all rows.
 */
function solveNonNegative(rows: readonly (readonly number[])[]): number[] {
  const all = rows[0]!.slice(0, -1).map((_, i) => i);
  let used = all;
  while (true) {
    const found = solveNormal(
      rows.map((row) => [...used.map((i) => row[i]!), row.at(-1)!]),
    );
    const least = Math.min(...found);
    if (least >= 0) {
      return all.map((i) => used.includes(i) ? found[used.indexOf(i)]! : 0);
    }
    used = used.filter((_, i) => found[i] !== least);
  }
}

/** Least squares, by Gaussian elimination of normal equations. */
function solveNormal(rows: readonly (readonly number[])[]): number[] {
  const size = rows[0]!.length - 1;
  // Seconds per byte are far smaller than those per tile.
  const scales = Array.from(
    { length: size },
    (_, i) => Math.hypot(...rows.map((row) => row[i]!)),
  );
  const scaled = rows.map((row) =>
    row.map((value, i) => value / (scales[i] ?? 1))
  );
  const matrix = scales.map((_, i) => [
    ...scales.map((_, j) =>
      scaled.reduce((sum, row) => sum + row[i]! * row[j]!, 0)
    ),
    scaled.reduce((sum, row) => sum + row[i]! * row[size]!, 0),
  ]);
  for (let i = 0; i < size; i++) {
    const pivot = matrix.slice(i).reduce((best, row) =>
      Math.abs(row[i]!) > Math.abs(best[i]!) ? row : best
    );
    if (!(Math.abs(pivot[i]!) > 1e-12)) {
      throw new RangeError("The measurements do not settle every cost");
    }
    matrix.splice(matrix.indexOf(pivot), 1, matrix[i]!);
    matrix[i] = pivot;
    for (let j = 0; j < size; j++) {
      if (j === i) continue;
      const factor = matrix[j]![i]! / pivot[i]!;
      for (let k = i; k <= size; k++) matrix[j]![k]! -= factor * pivot[k]!;
    }
  }
  return matrix.map((row, i) => row[size]! / row[i]! / scales[i]!);
}

/**
 * The share of its tiles' time in which the network worked as well, of a
 * measured step whose sums began during the backward pass.
 */
export function hiddenShare(costs: Costs, work: MeasuredWork): number {
  const tiles = work.tiles * ofWidth(costs.perTile, work);
  const hidden = predictSeconds(costs, work) - work.seconds;
  return Math.min(1, Math.max(0, hidden / tiles));
}
