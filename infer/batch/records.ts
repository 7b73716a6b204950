import type { FileState } from "./file_state.ts";
import { type Shard, shardOf } from "./shard.ts";

/**
 * The files that a table or a summary of a batch is about: all that manifests
 * know, those of earlier runs too, or those of one shard; in natural order.
 *
 * @param states What manifests know of each file, by its name.
 * @param shard The shard; all files by default.
 * @returns What is known of each.
 *
 * @example
 * ```ts
 * import { type FileState, recordsOf } from "@unet/infer/batch";
 * import { assertEquals } from "@std/assert";
 *
 * const state = (name: string): [string, FileState] => [
 *   name,
 *   { name, at: "", begun: [], isOpen: false },
 * ];
 * const records = recordsOf(new Map([state("10.tif"), state("2.tif")]));
 * assertEquals(records.map(({ name }) => name), ["2.tif", "10.tif"]);
 * ```
 */
export function recordsOf(
  states: ReadonlyMap<string, FileState>,
  shard?: Shard,
): FileState[] {
  const order = new Intl.Collator("en", { numeric: true });
  return [...states.values()]
    .filter(({ name }) => !shard || shardOf(name, shard.count) === shard.index)
    .sort((a, b) =>
      order.compare(a.name, b.name) || (a.name < b.name ? -1 : 1)
    );
}
