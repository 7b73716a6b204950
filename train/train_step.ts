import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "@unet/data";
import type { Model } from "@unet/model";
import type { Random } from "@unet/random";
import { mirrorBorders } from "./_mirror_borders.ts";
import type { Loss } from "./loss.ts";
import type { Optimizer } from "./optimizer.ts";
import type { LearningRate } from "./scheduler.ts";

/** What {@linkcode trainStep} works on. */
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
 *   y: new Float32Array(32 * 32).fill(1),
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
    const { x, y, weights } = batchTensors(batch, model.margin);
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

/**
 * A batch as tensors, which the caller disposes.
 *
 * @param batch The tiles and their masks.
 * @param margin Pixels on each side that the network's output lacks: the tiles
 * are mirrored so far about their border pixels, as in the Paper, so that the
 * output is as large as the masks.
 * @returns Images `[N, H + 2·margin, W + 2·margin, 3]`; masks `[N, H, W, 1]`,
 * or masks and borders `[N, H, W, 2]` where the batch has borders; and weights
 * `[N, H, W, 1]` where the batch has them.
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
 *   y: new Float32Array(32 * 64),
 *   ids: ["black"],
 * });
 * assertEquals([x.shape, y.shape], [[1, 32, 64, 3], [1, 32, 64, 1]]);
 * tf.dispose([x, y]);
 * ```
 */
export function batchTensors(
  { shape: [count, height, width], x, y, weights, borders }: Batch,
  margin = 0,
): { x: tf.Tensor4D; y: tf.Tensor4D; weights?: tf.Tensor4D } {
  const shape: [number, number, number, number] = [count, height, width, 1];
  return {
    x: imageTensor({ shape: [count, height, width], x }, margin),
    y: borders
      ? tf.tensor4d(interleave(y, borders), [count, height, width, 2])
      : tf.tensor4d(y, shape),
    ...(weights && { weights: tf.tensor4d(weights, shape) }),
  };
}

function interleave(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(2 * first.length);
  for (let at = 0; at < first.length; at++) {
    both[2 * at] = first[at]!;
    both[2 * at + 1] = second[at]!;
  }
  return both;
}

/** The images of a batch, mirrored about their borders. */
export function imageTensor(
  { shape: [count, height, width], x }: Pick<Batch, "shape" | "x">,
  margin: number,
): tf.Tensor4D {
  const lost = 2 * margin;
  return tf.tensor4d(
    margin === 0 ? x : mirrorBorders([count, height, width], x, margin),
    [count, height + lost, width + lost, 3],
  );
}
