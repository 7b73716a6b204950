import type * as tf from "@tensorflow/tfjs-core";
import type { BatchShare } from "@unet/data";
import type { Model } from "@unet/model";
import { assignValues } from "./broadcast_weights.ts";
import type { Communicator } from "./communicator.ts";

/**
 * Sums numbers over all ranks, and makes the running statistics of batch norm
 * the same on all: the mean over ranks, each by how many tiles of the batch it
 * had. Training reads none of them, and the mean of moving averages is the
 * moving average of means: so it does not matter how often this is done, and a
 * model can be saved after any step.
 *
 * @param model The network; its statistics are changed in place.
 * @param share This rank's part of the batch.
 * @param options What connects the ranks, and numbers that are summed along.
 * @returns The sums of those numbers.
 */
export async function averageStatistics(
  model: Model,
  share: BatchShare,
  { communicator, numbers = [] }: {
    readonly communicator: Communicator;
    readonly numbers?: readonly number[];
  },
): Promise<number[]> {
  const statistics = statisticsOf(model), weight = weightOf(share);
  const size = statistics.reduce((sum, { size }) => sum + size, 0);
  const all = new Float64Array(numbers.length + size);
  all.set(numbers);
  let at = numbers.length;
  for (const variable of statistics) {
    for (const value of await variable.data<"float32">()) {
      all[at++] = weight * value;
    }
  }
  await communicator.sum(all);
  at = numbers.length;
  for (const variable of statistics) {
    const values = Float32Array.from(all.subarray(at, at += variable.size));
    assignValues(variable, values);
  }
  return [...all.subarray(0, numbers.length)];
}

/** The running means and variances of batch norm; none without it. */
export function statisticsOf({ weights }: Model): tf.Variable[] {
  return [...weights].filter(([name]) => /\.running_(mean|var)$/.test(name))
    .map(([, variable]) => variable);
}

/** How much of a batch is this rank's. */
export function weightOf({ from, to, of }: BatchShare): number {
  return (to - from) / of;
}
