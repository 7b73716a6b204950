import { createRandom } from "@unet/random";
import type { Space, Trial } from "@unet/tune";

type Params = Trial["params"];

/** A function to find the least value of. */
export interface SamplerTask {
  /** What is searched. */
  readonly space: Space;
  /** The value that counts in the end. */
  valueOf(params: Params): number;
  /** The deviation of the noise on the value that a sampler sees. */
  readonly noise?: number;
}

/** Real parameters `x0`, `x1`, … of one range. */
function box(count: number, low: number, high: number): Space {
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `x${at}`,
      { kind: "float", low, high, log: false, step: null },
    ]),
  );
}

/** A task on the vector of a box's parameters. */
function onBox(
  count: number,
  [low, high]: readonly [number, number],
  valueOf: (x: readonly number[]) => number,
): SamplerTask {
  return {
    space: box(count, low, high),
    valueOf: (params) =>
      valueOf(
        Array.from({ length: count }, (_, at) => params[`x${at}`] as number),
      ),
  };
}

const sum = (terms: readonly number[]): number =>
  terms.reduce((sum, term) => sum + term, 0);
const mean = (terms: readonly number[]): number => sum(terms) / terms.length;
const square = (x: number): number => x * x;

/**
 * Optima are moved off the middle of the range, where the prior of the
 * estimators has its center, by a different share in each dimension.
 */
const moved = (x: readonly number[], range: number): number[] =>
  x.map((value, at) => value - range * [0.37, -0.21, 0.13, -0.43, 0.29][at]!);

const branin = ({ x, y }: Params): number =>
  square(
    (y as number) - 5.1 / (4 * Math.PI ** 2) * square(x as number) +
      5 / Math.PI * (x as number) - 6,
  ) + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x as number) + 10;

const hartmann = {
  heights: [1, 1.2, 3, 3.2],
  widths: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  centers: [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ],
};

/**
 * What training a network might give: the best rate depends on the batch and the
 * optimizer, depth and dropout on one another.
 */
function trainingLoss(params: Params): number {
  const rate = Math.log10(params.rate as number);
  const batch = Math.log2(params.batch as number);
  const depth = params.depth as number, dropout = params.dropout as number;
  const isSgd = params.optimizer === "sgd";
  const bestRate = (isSgd ? -1 : -3) + 0.3 * (batch - 4);
  return 0.2 * square(rate - bestRate) + 0.03 * square(batch - 4) +
    0.04 * square(depth - 4 - 4 * dropout) + square(dropout - 0.3) +
    (isSgd ? 0 : 0.05) +
    { bce: 0.1, dice: 0.04, "bce+dice": 0 }[params.loss as string]!;
}

/** The suite: standard test functions of optimization, by name. */
export const samplerTasks: Readonly<Record<string, SamplerTask>> = {
  sphere: onBox(5, [-5.12, 5.12], (x) => sum(moved(x, 10.24).map(square))),
  rosenbrock: onBox(4, [-5, 10], (x) =>
    sum(
      x.slice(1).map((next, at) =>
        100 * square(next - square(x[at]!)) + square(1 - x[at]!)
      ),
    )),
  branin: {
    space: {
      x: { kind: "float", low: -5, high: 10, log: false, step: null },
      y: { kind: "float", low: 0, high: 15, log: false, step: null },
    },
    valueOf: branin,
  },
  hartmann6: onBox(6, [0, 1], (x) =>
    -sum(
      hartmann.heights.map((height, at) =>
        height * Math.exp(
          -sum(
            x.map((value, i) =>
              hartmann.widths[at]![i]! *
              square(value - hartmann.centers[at]![i]!)
            ),
          ),
        )
      ),
    )),
  ackley: onBox(5, [-32.768, 32.768], (x) => {
    const y = moved(x, 65.536);
    return 20 + Math.E -
      20 * Math.exp(-0.2 * Math.sqrt(mean(y.map(square)))) -
      Math.exp(mean(y.map((value) => Math.cos(2 * Math.PI * value))));
  }),
  rastrigin: onBox(4, [-5.12, 5.12], (x) =>
    sum(
      moved(x, 10.24).map((y) =>
        10 + square(y) - 10 * Math.cos(2 * Math.PI * y)
      ),
    )),
  styblinski: onBox(
    4,
    [-5, 5],
    (x) => sum(x.map((y) => (y ** 4 - 16 * square(y) + 5 * y) / 2)),
  ),
  training: {
    space: {
      rate: { kind: "float", low: 1e-5, high: 10, log: true, step: null },
      batch: { kind: "int", low: 1, high: 256, log: true, step: 1 },
      depth: { kind: "int", low: 1, high: 9, log: false, step: 1 },
      dropout: { kind: "float", low: 0, high: 0.9, log: false, step: 0.1 },
      optimizer: { kind: "categorical", choices: ["sgd", "adam"] },
      loss: { kind: "categorical", choices: ["bce", "dice", "bce+dice"] },
    },
    valueOf: trainingLoss,
  },
  noisy: {
    ...onBox(3, [-5.12, 5.12], (x) => sum(moved(x, 10.24).map(square))),
    noise: 2,
  },
};

/**
 * What a sampler learns about a trial.
 *
 * @param stream Names the noise: the seed of the study and the trial's number.
 */
export function noisyValue(
  { valueOf, noise = 0 }: SamplerTask,
  params: Params,
  stream: readonly [number, number],
): number {
  return valueOf(params) +
    (noise === 0 ? 0 : noise * createRandom(...stream, 1).normal());
}
