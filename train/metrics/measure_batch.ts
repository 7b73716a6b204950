import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "@unet/data";
import type { Model } from "@unet/model";
import { type Head, headPlaces } from "@unet/task";
import { channelsOf } from "../losses/channels_of.ts";
import type { Loss } from "../losses/loss.ts";
import { batchShareOf } from "../parallel/batch_share.ts";
import type { Communicator } from "../parallel/communicator.ts";
import { lossOfShare } from "../parallel/loss_of_share.ts";
import { batchTensors } from "../train_step.ts";
import {
  addClassBatch,
  type ClassBatch,
  noClassScores,
} from "./class_scores.ts";
import { addBatch, type PixelScores } from "./pixel_scores.ts";

/** The measurements of some tiles, by one process or all ranks together. */
export interface Measured {
  /** The sum of losses, a batch's as often as it has tiles. */
  readonly lossSum: number;
  /** How many tiles. */
  readonly tiles: number;
  /** The lowest and highest logit of the first head. */
  readonly range: readonly [lowest: number, highest: number];
  /** The scores of each scored head's classes, by its name. */
  readonly scores: ReadonlyMap<string, readonly PixelScores[]>;
  /** Those of the first head, by data set. */
  readonly bySource: ReadonlyMap<string, readonly PixelScores[]>;
}

/** Options for measuring a batch. */
export interface MeasureOptions {
  readonly model: Model;
  readonly loss: Loss;
  readonly communicator: Communicator;
  readonly sourceOf?: (id: string) => string;
}

/** Before any tile. */
export function nothingMeasured(heads: readonly Head[]): Measured {
  return {
    ...{ lossSum: 0, tiles: 0, range: [Infinity, -Infinity] },
    scores: new Map(
      heads.filter(({ activation }) => activation !== "none").map((head) => [
        head.name,
        noScoresOf(head),
      ]),
    ),
    bySource: new Map(),
  };
}

/** Adds a batch, or this rank's share of one. */
export async function measureBatch(
  measured: Measured,
  batch: Batch,
  { model, loss, communicator, sourceOf }: MeasureOptions,
): Promise<Measured> {
  const { heads } = model.task, [images] = batch.shape;
  const isShared = communicator.size > 1;
  const share = isShared
    ? batchShareOf(batch)
    : { from: 0, to: images, of: images };
  const part = isShared
    ? lossOfShare(loss, share, communicator)
    : { loss, counts: 1 };
  const [decisions, value] = tf.tidy(() => {
    const { x, y, weights } = batchTensors(batch, model);
    const logits = model.forward(x, { training: false });
    const value = part.loss(logits, y, weights);
    const decided = headPlaces(heads).filter(({ head }) =>
      measured.scores.has(head.name)
    ).map(({ head, from, to }) => ({
      name: head.name,
      decision: decide(channelsOf(logits, from, to), head),
    }));
    return [decided, value] as const;
  });
  try {
    const own = part.counts * (await value.data())[0]!;
    const lossSum = measured.lossSum + share.of * own;
    // A tile that counts nowhere.
    if (share.to === share.from) return { ...measured, lossSum };
    const predictions = new Map<string, Float32Array>();
    for (const { name, decision } of decisions) {
      predictions.set(name, await decision.data<"float32">());
    }
    const added = addPredictions(measured, batch, {
      ...{ heads, predictions },
      ...(sourceOf && { sourceOf }),
    });
    return { ...added, lossSum, tiles: measured.tiles + images };
  } finally {
    tf.dispose([value, ...decisions.map(({ decision }) => decision)]);
  }
}

/** Adds what was predicted of a batch to scores and range. */
function addPredictions(
  { range: [lowest, highest], ...measured }: Measured,
  { ids, targets, shape: [images] }: Batch,
  { heads, predictions, sourceOf }: {
    readonly heads: readonly Head[];
    readonly predictions: ReadonlyMap<string, Float32Array>;
    readonly sourceOf?: (id: string) => string;
  },
): Measured {
  const [first] = heads, scores = new Map(measured.scores);
  const bySource = new Map(measured.bySource);
  for (const head of heads) {
    const { name, classes } = head, prediction = predictions.get(name);
    if (prediction === undefined) continue;
    const own = { prediction, target: targets[name]!, images };
    scores.set(name, addTo(scores.get(name)!, own, classes));
    if (head !== first) continue;
    for (const [at, id] of sourceOf ? ids.entries() : []) {
      const source = sourceOf!(id);
      const before = bySource.get(source) ?? noScoresOf(first);
      bySource.set(source, addTo(before, tileOf(own, at), classes));
    }
    for (const logit of prediction) {
      if (logit < lowest) lowest = logit;
      if (logit > highest) highest = logit;
    }
  }
  return { ...measured, scores, bySource, range: [lowest, highest] };
}

/** Decisions and ground truth of some tiles. */
type Tiles = Pick<ClassBatch, "prediction" | "target" | "images">;

/** One tile of several. */
function tileOf({ prediction, target, images }: Tiles, at: number): Tiles {
  const size = target.length / images;
  const [from, to] = [at * size, (at + 1) * size];
  return {
    prediction: prediction.subarray(from, to),
    target: target.subarray(from, to),
    images: 1,
  };
}

function noScoresOf({ classes }: Head): readonly PixelScores[] {
  return noClassScores(classes?.length ?? 1);
}

function addTo(
  before: readonly PixelScores[],
  tiles: Tiles,
  classes: readonly string[] | undefined,
): readonly PixelScores[] {
  const own = { ...tiles, threshold: 0 };
  return classes
    ? addClassBatch(before, { ...own, classes: classes.length })
    : [addBatch(before[0]!, own)];
}

/** Above 0 where the head decides for a channel, at 0 or below elsewhere. */
function decide(logits: tf.Tensor4D, { activation }: Head): tf.Tensor4D {
  if (activation !== "softmax") return logits;
  const best = tf.argMax<tf.Tensor3D>(logits, 3);
  return tf.cast(tf.oneHot(best, logits.shape[3]) as tf.Tensor4D, "float32");
}
