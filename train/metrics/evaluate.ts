/**
 * Loss and scores of a model on all tiles of a loader. Runs in a browser.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Batch, DataLoader } from "@unet/data";
import { cannot } from "@unet/errors";
import type { Model } from "@unet/model";
import { type Head, headPlaces } from "@unet/task";
import { channelsOf } from "../losses/channels_of.ts";
import type { Loss } from "../losses/loss.ts";
import { summarizeClasses } from "./class_scores.ts";
import { addPixels, type PixelCounts } from "./metrics.ts";
import {
  noScores,
  type PixelScores,
  type PixelSummary,
  summarizeScores,
} from "./pixel_scores.ts";
import { measureBatch, nothingMeasured } from "./measure_batch.ts";
import { EndedElsewhere, holdsAnywhere } from "../parallel/agree.ts";
import { type Communicator, singleProcess } from "../parallel/communicator.ts";
import { sumMeasured } from "../parallel/sum_measured.ts";
import { imageTensor } from "../train_step.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /** The loss to measure. */
  readonly loss: Loss;
  /** When aborted, its reason is thrown before the next batch. */
  readonly signal?: AbortSignal;
  /**
   * The data set of a tile by its image's id, if each is to have scores of its
   * own.
   */
  readonly sourceOf?: (id: string) => string;
  /**
   * Connects the ranks among which the loader divides the tiles; all of them
   * get what all measured. None do by default.
   */
  readonly communicator?: Communicator;
}

/** The result of {@linkcode evaluate}. */
export interface Evaluation {
  /** The mean loss of the tiles. */
  readonly loss: number;
  /** Pixel scores of the first head; each tile counts as an image. */
  readonly scores: PixelSummary;
  /** How the first head's pixels of all tiles agree with their ground truth. */
  readonly counts: PixelCounts;
  /**
   * The lowest and highest logit of the first head; equal where a network gives
   * every pixel the same number, whatever the image.
   */
  readonly range: readonly [lowest: number, highest: number];
  /**
   * Pixel scores of the other heads by their names. A head without an
   * activation decides nothing and has none.
   */
  readonly headScores: Readonly<Record<string, PixelSummary>>;
  /**
   * Pixel scores of the classes of all heads that have some, by their names,
   * but for each head's first class, the background. Pixels without a class in
   * the ground truth count nowhere. The scores of such a head are the means
   * over its classes.
   */
  readonly classScores: Readonly<Record<string, PixelSummary>>;
  /** The share of labeled pixels that each of these classes has. */
  readonly classShares: Readonly<Record<string, number>>;
  /** Pixel scores of the first head by data set, if these were asked for. */
  readonly sourceScores: Readonly<Record<string, PixelSummary>>;
}

/**
 * Measures a model on all tiles of a loader, in inference mode.
 *
 * @param model The model; stays as it is.
 * @param loader Gives the tiles; its first epoch is taken.
 * @param options The loss, the tiles' data sets, and what may abort.
 * @returns The mean loss of the tiles, a batch weighing as much as it has
 * tiles, and their scores at threshold 0.5.
 * @throws {RangeError} If the loader gives no tiles.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assert } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { bceWithLogits, evaluate } from "@unet/train";
 *
 * const batch = {
 *   shape: [1, 32, 32] as const,
 *   x: new Float32Array(32 * 32 * 3).fill(0.5),
 *   targets: { object: new Float32Array(32 * 32).fill(1) },
 *   ids: ["white"],
 * };
 * const loader = {
 *   length: 1,
 *   tiles: 1,
 *   async *batches() {
 *     yield await Promise.resolve(batch);
 *   },
 *   close() {},
 * };
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const { loss, scores } = await evaluate(model, loader, {
 *   loss: bceWithLogits,
 * });
 * assert(loss > 0 && scores.f1 <= 1);
 * ```
 */
export async function evaluate(
  model: Model,
  loader: DataLoader,
  { loss, signal, sourceOf, communicator = singleProcess }: EvaluateOptions,
): Promise<Evaluation> {
  const { heads } = model.task, [first] = heads;
  let measured = nothingMeasured(heads);
  for await (const batch of loader.batches(0)) {
    await throwIfAborted(signal, communicator);
    measured = await measureBatch(measured, batch, {
      ...{ model, loss, communicator },
      ...(sourceOf && { sourceOf }),
    });
  }
  const { lossSum, tiles, range, scores, bySource } = await sumMeasured(
    measured,
    communicator,
  );
  if (tiles === 0) {
    throw new RangeError(
      cannot("evaluate", "model on", "loader", {
        found: "no tiles",
        expected: "one or more",
      }),
    );
  }
  return {
    ...{ loss: lossSum / tiles, range },
    ...summarize(scores, heads),
    sourceScores: Object.fromEntries(
      [...bySource].map(([name, own]) => [name, summaryOf(own, first!)]),
    ),
  };
}

/** Throws if any rank was asked to end, on all of them. */
async function throwIfAborted(
  signal: AbortSignal | undefined,
  communicator: Communicator,
): Promise<void> {
  const isAborted = signal?.aborted === true;
  if (!await holdsAnywhere(communicator, isAborted)) return;
  signal?.throwIfAborted();
  throw new EndedElsewhere();
}

function summaryOf(
  scores: readonly PixelScores[],
  { classes }: Head,
): PixelSummary {
  return classes ? summarizeClasses(scores) : summarizeScores(scores[0]!);
}

function summarize(
  scores: ReadonlyMap<string, readonly PixelScores[]>,
  heads: readonly Head[],
): Omit<Evaluation, "loss" | "range" | "sourceScores"> {
  const scored = heads.filter(({ name }) => scores.has(name));
  const summaries = scored.map((head) =>
    [head.name, summaryOf(scores.get(head.name)!, head)] as const
  );
  const [first] = heads, own = scores.get(first!.name);
  const ofClasses = <Value>(of: (own: PixelScores) => Value) =>
    Object.fromEntries(
      scored.flatMap(({ name, classes = [] }) =>
        classes.slice(1).map((one, at) =>
          [one, of(scores.get(name)![at + 1]!)] as const
        )
      ),
    );
  return {
    scores: new Map(summaries).get(first!.name) ?? summarizeScores(noScores),
    counts: countsOf(own ?? [noScores], first!),
    headScores: Object.fromEntries(
      summaries.filter(([name]) => name !== first!.name),
    ),
    classScores: ofClasses(summarizeScores),
    classShares: ofClasses(shareOf),
  };
}

/** The share of the pixels that are of a class. */
function shareOf({ counts }: PixelScores): number {
  const { truePositive, falseNegative, falsePositive, trueNegative } = counts;
  const own = truePositive + falseNegative;
  const all = own + falsePositive + trueNegative;
  return all === 0 ? 0 : own / all;
}

/** The counts of a head; of classes the sum, but for the background. */
function countsOf(
  scores: readonly PixelScores[],
  { classes }: Head,
): PixelCounts {
  return scores.slice(classes ? 1 : 0).map(({ counts }) => counts)
    .reduce(addPixels);
}

/**
 * The logits of a batch's first head, in inference mode.
 *
 * @param model The model; stays as it is.
 * @param batch The tiles; their ground truth is not used.
 * @returns The first head's logits, laid out as `[N, H, W, C]`.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { predictBatch } from "@unet/train";
 *
 * const logits = await predictBatch(
 *   createModel({ width: 0.05 }, createRandom(0)),
 *   { shape: [2, 32, 64], x: new Float32Array(2 * 32 * 64 * 3) },
 * );
 * assertEquals(logits.length, 2 * 32 * 64);
 * ```
 */
export async function predictBatch(
  model: Model,
  batch: Pick<Batch, "shape" | "x">,
): Promise<Float32Array> {
  const logits = tf.tidy(() => {
    const x = imageTensor(batch, model.margin);
    const logits = model.forward(x, { training: false });
    const [{ from, to } = { from: 0, to: 1 }] = headPlaces(model.task.heads);
    return channelsOf(logits, from, to);
  });
  try {
    return await logits.data() as Float32Array;
  } finally {
    logits.dispose();
  }
}
