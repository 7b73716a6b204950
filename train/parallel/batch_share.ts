import type { Batch, BatchShare } from "@unet/data";
import { cannot } from "@unet/errors";

/**
 * Which part of a larger batch a batch is.
 *
 * @throws {TypeError} If the loader gives whole batches.
 */
export function batchShareOf({ share, ids }: Batch): BatchShare {
  if (share) return share;
  throw new TypeError(
    cannot("train on several ranks with", "batch of", ids[0] ?? "no tile", {
      found: "a whole batch",
      expected: "a share of it",
      remedy: "give createLoader() the option share",
    }),
  );
}
