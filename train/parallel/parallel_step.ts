import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "@unet/data";
import { batchTensors, type TrainStepOptions } from "../train_step.ts";
import { averageStatistics } from "./average_statistics.ts";
import type { Communicator } from "./communicator.ts";
import { GradientSum } from "./gradient_sum.ts";
import { lossOfShare } from "./loss_of_share.ts";
import { batchShareOf } from "./batch_share.ts";
import { sharedBatchOf } from "./synchronized_batch.ts";

/** How {@linkcode ParallelSteps} work together. */
export interface ParallelOptions {
  /** Connects the ranks. */
  readonly communicator: Communicator;
  /** Whether batch norm's statistics are those of the whole batch. */
  readonly syncBatchNorm: boolean;
  /**
   * Whether sums of gradients begin during the backward pass, which the device
   * must let read in its midst.
   */
  readonly overlaps: boolean;
}

/**
 * Steps of a training on several ranks: each takes its share of a batch, and all
 * make the step of the whole batch.
 */
export class ParallelSteps {
  readonly #options: ParallelOptions;
  readonly #sum: GradientSum;

  constructor(options: ParallelOptions) {
    this.#options = options;
    this.#sum = new GradientSum(options.communicator);
  }

  /**
   * One optimizer step, the same on all ranks.
   *
   * @param batch This rank's share of the batch.
   * @param options As for `trainStep()`.
   * @returns The loss of the whole batch, before the step.
   */
  async step(
    batch: Batch,
    { model, loss, optimizer, rate, random }: TrainStepOptions,
  ): Promise<number> {
    const { communicator, overlaps } = this.#options;
    const share = batchShareOf(batch);
    const names = model.trainable;
    const variables = names.map((name) => model.weights.get(name)!);
    const part = lossOfShare(loss, share, communicator);
    const sharedBatch = sharedBatchOf(share, this.#options);
    this.#sum.begin(
      new Map(names.map((name, i) => [name, variables[i]!.size])),
    );
    const missing = new Set(names);
    const onGradient = (name: string, gradient: tf.Tensor): void => {
      missing.delete(name);
      this.#sum.add(name, gradient.dataSync<"float32">());
    };
    const { value, grads } = tf.tidy(() => {
      const { x, y, weights } = batchTensors(batch, model);
      const options = {
        ...{ training: true, random },
        ...(overlaps && { onGradient }),
        ...(sharedBatch && { sharedBatch }),
      };
      return tf.variableGrads(
        () => part.loss(model.forward(x, options), y, weights),
        variables,
      );
    });
    try {
      for (const [i, name] of [...names.entries()].reverse()) {
        const gradient = grads[variables[i]!.name]!;
        if (!missing.has(name)) continue;
        this.#sum.add(name, await gradient.data<"float32">());
      }
    } finally {
      tf.dispose(grads);
    }
    const [own] = await value.data();
    value.dispose();
    const summed = await this.#sum.finish();
    const [lossValue] = await averageStatistics(model, share, {
      communicator,
      numbers: [part.counts * own!],
    });
    if (Number.isFinite(lossValue)) {
      const gradients = new Map(
        names.map((name, i) =>
          [name, tf.tensor(summed(name), variables[i]!.shape)] as const
        ),
      );
      try {
        optimizer.step(model.weights, gradients, rate);
      } finally {
        tf.dispose([...gradients.values()]);
      }
    }
    return lossValue!;
  }
}
