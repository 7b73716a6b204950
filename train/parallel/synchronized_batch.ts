import type { BatchShare } from "@unet/data";
import type { SharedBatch } from "@unet/model";
import type { ParallelOptions } from "./parallel_step.ts";

/** What a forward pass needs of the other ranks, if it needs anything. */
export function sharedBatchOf(
  { from, to }: BatchShare,
  { communicator, syncBatchNorm }: Pick<
    ParallelOptions,
    "communicator" | "syncBatchNorm"
  >,
): SharedBatch | undefined {
  if (!syncBatchNorm || communicator.size === 1) return undefined;
  return {
    images: to - from,
    sum: (values) => communicator.sumNow(values),
  };
}
