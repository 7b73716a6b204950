import type { Shard } from "./shard.ts";

/**
 * The name of the manifest of a batch or of a shard.
 *
 * @param shard The shard; absent for a whole batch.
 * @returns The file's name within the output folder.
 */
export function manifestName(shard?: Shard): string {
  return shard
    ? `manifest-${shard.index}-of-${shard.count}.jsonl`
    : "manifest.jsonl";
}
