import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "@unet/data";
import { cannot } from "@unet/errors";
import type { Model } from "@unet/model";
import type { Random } from "@unet/random";
import { channelsOfHeads, type Head, headPlaces } from "@unet/task";
import { mirrorBorders } from "./_mirror_borders.ts";
import type { Loss } from "./losses/loss.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import type { LearningRate } from "./schedules/scheduler.ts";

/** Options of {@linkcode trainStep}. */
export interface TrainStepOptions {
  /** The model, changed in place. */
  readonly model: Model;
  /** The loss to lower. */
  readonly loss: Loss;
  /** How gradients change weights. */
  readonly optimizer: Optimizer;
  /** The learning rate of this step. */
  readonly rate: LearningRate;
  /** Decides what dropout drops. */
  readonly random: Random;
}

/**
 * One optimizer step on one batch.
 *
 * @param batch The tiles and their masks.
 * @param options The model, loss, optimizer and learning rate.
 * @returns The loss before the step. If it is not finite, the weights stay as
 * they are (the running statistics have moved).
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assert } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { bceWithLogits, sgd, trainStep } from "@unet/train";
 *
 * const batch = {
 *   shape: [1, 32, 32] as const,
 *   x: new Float32Array(32 * 32 * 3).fill(0.5),
 *   targets: { object: new Float32Array(32 * 32).fill(1) },
 *   ids: ["white"],
 * };
 * const loss = await trainStep(batch, {
 *   model: createModel({ width: 0.05 }, createRandom(0)),
 *   loss: bceWithLogits,
 *   optimizer: sgd(),
 *   rate: { learningRate: 0.1 },
 *   random: createRandom(1),
 * });
 * assert(loss > 0);
 * ```
 */
export async function trainStep(
  batch: Batch,
  { model, loss, optimizer, rate, random }: TrainStepOptions,
): Promise<number> {
  const variables = model.trainable.map((name) => model.weights.get(name)!);
  const { value, grads } = tf.tidy(() => {
    const { x, y, weights } = batchTensors(batch, model);
    return tf.variableGrads(
      () => loss(model.forward(x, { training: true, random }), y, weights),
      variables,
    );
  });
  try {
    const [lossValue] = await value.data();
    if (Number.isFinite(lossValue)) {
      const gradients = new Map(model.trainable.map((name) => [
        name,
        grads[model.weights.get(name)!.name]!,
      ]));
      optimizer.step(model.weights, gradients, rate);
    }
    return lossValue!;
  } finally {
    value.dispose();
    tf.dispose(grads);
  }
}

/** The properties of a network on which batches depend. */
export type BatchNetwork = Partial<Pick<Model, "margin">> & {
  /** The heads, in the order of the network's outputs. */
  readonly task?: { readonly heads: readonly BatchHead[] };
};

/** The part of a head that a batch depends on. */
export type BatchHead = Pick<Head, "name" | "channels">;

/**
 * A batch as tensors, which the caller disposes.
 *
 * @param batch The tiles and their ground truth.
 * @param network The network that they are for; one head "object" by default.
 * Where its output lacks a margin, the tiles are mirrored so far about their
 * border pixels, as in the Paper, so that the output is as large as the ground
 * truth.
 * @returns Images `[N, H + 2·margin, W + 2·margin, C]`; the ground truth of all
 * heads `[N, H, W, C]`, one after the other; and weights `[N, H, W, 1]` where
 * the batch has them.
 * @throws {TypeError} If the batch lacks the ground truth of a head.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { assertEquals } from "@std/assert";
 * import { batchTensors } from "@unet/train";
 *
 * const { x, y } = batchTensors({
 *   shape: [1, 32, 64],
 *   x: new Float32Array(32 * 64 * 3),
 *   targets: { object: new Float32Array(32 * 64) },
 *   ids: ["black"],
 * });
 * assertEquals([x.shape, y.shape], [[1, 32, 64, 3], [1, 32, 64, 1]]);
 * tf.dispose([x, y]);
 * ```
 */
export function batchTensors(
  { shape: [count, height, width], x, targets, weights }: Batch,
  { margin = 0, task = { heads: [objectHead] } }: BatchNetwork = {},
): { x: tf.Tensor4D; y: tf.Tensor4D; weights?: tf.Tensor4D } {
  const { heads } = task, channels = channelsOfHeads(heads);
  const area: [number, number, number] = [count, height, width];
  return {
    x: imageTensor({ shape: area, x }, margin),
    y: tf.tensor4d(joinTargets(targets, heads), [...area, channels]),
    ...(weights && { weights: tf.tensor4d(weights, [...area, 1]) }),
  };
}

const objectHead: BatchHead = { name: "object", channels: 1 };

/** The ground truth of all heads, pixel by pixel. */
function joinTargets(
  targets: Batch["targets"],
  heads: readonly BatchHead[],
): Float32Array {
  for (const { name } of heads) {
    if (Object.hasOwn(targets, name)) continue;
    throw new TypeError(
      cannot("use", "batch for head", name, {
        found: `ground truth of ${
          Object.keys(targets).join(", ") || "no head"
        }`,
        expected: `that of "${name}" too`,
        remedy: "give createLoader() the option targets",
      }),
    );
  }
  const stride = channelsOfHeads(heads), first = heads[0]!;
  // One head's ground truth is laid out as it has to be.
  if (first.channels === stride) return targets[first.name]!;
  const pixels = targets[first.name]!.length / first.channels;
  const joined = new Float32Array(pixels * stride);
  for (const { head: { name, channels }, from } of headPlaces(heads)) {
    const values = targets[name]!;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++) {
        joined[pixel * stride + from + c] = values[pixel * channels + c]!;
      }
    }
  }
  return joined;
}

/** The images of a batch, mirrored about their borders. */
export function imageTensor(
  { shape: [count, height, width], x }: Pick<Batch, "shape" | "x">,
  margin: number,
): tf.Tensor4D {
  const lost = 2 * margin, channels = x.length / (count * height * width);
  return tf.tensor4d(
    margin === 0 ? x : mirrorBorders([count, height, width], x, margin),
    [count, height + lost, width + lost, channels],
  );
}
