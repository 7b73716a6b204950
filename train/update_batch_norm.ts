import type { Batch } from "@unet/data";
import type { Model } from "@unet/model";
import { createRandom, type Random } from "@unet/random";
import { holdsAnywhere } from "./parallel/agree.ts";
import { averageStatistics } from "./parallel/average_statistics.ts";
import { type Communicator, singleProcess } from "./parallel/communicator.ts";
import { sharedBatchOf } from "./parallel/synchronized_batch.ts";
import { batchShareOf } from "./parallel/batch_share.ts";
import { imageTensor } from "./train_step.ts";
import * as tf from "@tensorflow/tfjs-core";

/** How {@linkcode updateBatchNorm} runs. */
export interface UpdateBatchNormOptions {
  /** The most batches to look at; all that there are by default. */
  readonly limit?: number;
  /** Decides what dropout drops; a stream of seed 0 by default. */
  readonly random?: Random;
  /** When aborted, it ends before the next batch. */
  readonly signal?: AbortSignal;
  /** Connects the ranks that share the batches; none do by default. */
  readonly communicator?: Communicator;
  /** Whether a batch's statistics are those of all ranks together. */
  readonly syncBatchNorm?: boolean;
}

/**
 * Replaces the running statistics of batch norm by plain averages over batches,
 * for the weights as they are, like PyTorch's
 * `torch.optim.swa_utils.update_bn()`.
 *
 * Running statistics are moving averages over the last ten or so batches, taken
 * while the weights moved. Small batches of unlike images leave them far from
 * what the network sees as a whole (Wu and Johnson, "Rethinking 'Batch' in
 * BatchNorm", 2021, section 3); training does not notice, inference does.
 *
 * Statistics of frozen layers, and networks without batch norm, stay as they
 * are.
 *
 * @param model The network; its statistics are changed in place.
 * @param batches The batches, as training sees them.
 * @param options How many of them.
 * @returns How many batches were averaged.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { assertEquals } from "@std/assert";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { updateBatchNorm } from "@unet/train";
 *
 * async function* batches() {
 *   yield await Promise.resolve({
 *     shape: [1, 32, 32] as const,
 *     x: new Float32Array(32 * 32 * 3).fill(0.5),
 *     targets: { object: new Float32Array(32 * 32) },
 *     ids: ["gray"],
 *   });
 * }
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * assertEquals(await updateBatchNorm(model, batches()), 1);
 * ```
 */
export async function updateBatchNorm(
  model: Model,
  batches: AsyncIterable<Batch>,
  options: UpdateBatchNormOptions = {},
): Promise<number> {
  const { limit = Infinity, random = createRandom(0), signal } = options;
  const { communicator = singleProcess, syncBatchNorm = false } = options;
  const isShared = communicator.size > 1;
  let count = 0;
  if (limit <= 0 || !hasLiveBatchNorm(model)) return count;
  for await (const batch of batches) {
    const isAborted = signal?.aborted === true;
    if (await holdsAnywhere(communicator, isAborted)) break;
    count++;
    const share = isShared ? batchShareOf(batch) : undefined;
    const sharedBatch = share &&
      sharedBatchOf(share, { communicator, syncBatchNorm });
    tf.tidy(() => {
      model.forward(imageTensor(batch, model.margin), {
        training: true,
        random,
        statisticsMomentum: 1 / count,
        ...(sharedBatch && { sharedBatch }),
      });
    });
    if (share) await averageStatistics(model, share, { communicator });
    if (count >= limit) break;
  }
  return count;
}

function hasLiveBatchNorm({ plan, weights }: Model): boolean {
  return !plan.freezeBatchNorm &&
    [...weights.keys()].some((name) => name.endsWith(".running_mean"));
}
