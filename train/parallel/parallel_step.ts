import * as tf from "@tensorflow/tfjs-core";
import type { Batch, BatchShare } from "@unet/data";
import { batchTensors, type TrainStepOptions } from "../train_step.ts";
import { averageStatistics } from "./average_statistics.ts";
import type { Communicator } from "./communicator.ts";
import { GradientSum } from "./gradient_sum.ts";
import { LentGradients } from "./lent_gradients.ts";
import { lossOfShare } from "./loss_of_share.ts";
import { batchShareOf } from "./batch_share.ts";
import { sumAfterward } from "./sum_afterward.ts";
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

/** What a backward pass on this rank's share gave. */
interface Backward {
  readonly model: TrainStepOptions["model"];
  readonly share: BatchShare;
  /** What this rank adds to the loss of the batch. */
  readonly loss: number;
  /** Gradients by the names of their weights. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
  /** Those whose sums have not begun. */
  readonly missing: ReadonlySet<string>;
}

/** The loss of the whole batch, and its gradients; none if it is not finite. */
interface Summed {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
}

/**
 * Steps of a training on several ranks: each takes its share of a batch, and all
 * make the step of the whole batch.
 */
export class ParallelSteps {
  readonly #options: ParallelOptions;
  readonly #sum: GradientSum;
  readonly #lent = new LentGradients();

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
    if (overlaps) {
      this.#sum.begin(
        new Map(names.map((name, i) => [name, variables[i]!.size])),
      );
    }
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
    const gradients = new Map(
      names.map((name, i) => [name, grads[variables[i]!.name]!] as const),
    );
    let summed: Summed | undefined;
    try {
      const [own] = await value.data();
      const backward: Backward = {
        ...{ model, share, gradients, missing },
        loss: part.counts * own!,
      };
      summed = overlaps
        ? await this.#finish(backward)
        : await this.#sumAll(backward);
      if (Number.isFinite(summed.loss)) {
        optimizer.step(model.weights, summed.gradients, rate);
      }
      return summed.loss;
    } finally {
      value.dispose();
      // After a sum that failed, others may still be written to gradients.
      if (summed) {
        tf.dispose([...gradients.values(), ...summed.gradients.values()]);
      }
    }
  }

  /** Sums whatever the backward pass left. */
  async #finish(backward: Backward): Promise<Summed> {
    const { gradients, missing, loss } = backward;
    for (const [name, gradient] of [...gradients].reverse()) {
      if (!missing.has(name)) continue;
      this.#sum.add(name, await gradient.data<"float32">());
    }
    const summed = await this.#sum.finish();
    const [total] = await this.#average(backward, [loss]);
    return {
      loss: total!,
      gradients: new Map(
        [...gradients].map(([name, { shape }]) =>
          [name, tf.tensor(summed(name), shape)] as const
        ),
      ),
    };
  }

  /** Sums everything, in the device's memory where ranks can. */
  async #sumAll(backward: Backward): Promise<Summed> {
    const { communicator } = this.#options, { gradients, loss } = backward;
    const lent = this.#lent.lend(gradients);
    const isNew = this.#lent.isKnown(lent) ? 0 : 1;
    const [total, strangers] = await this.#average(backward, [loss, isNew]);
    // No rank makes the step.
    if (!Number.isFinite(total)) return { loss: total!, gradients: new Map() };
    const isCommon = strangers === 0 ||
      await this.#lent.agree(lent, communicator);
    const options = {
      ...{ communicator, sum: this.#sum },
      lent: isCommon ? lent : new Map(),
    };
    return { loss: total!, gradients: await sumAfterward(gradients, options) };
  }

  /** Averages running statistics, and sums numbers along. */
  #average(
    { model, share }: Backward,
    numbers: readonly number[],
  ): Promise<number[]> {
    const { communicator } = this.#options;
    return averageStatistics(model, share, { communicator, numbers });
  }
}
