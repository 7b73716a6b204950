/**
 * Batches of thousands of files: reading and writing beside the network, a
 * manifest that lets a rerun keep finished outputs, shards for many machines.
 *
 * @module
 */
export * from "./batch_file.ts";
export * from "./batch_files.ts";
export * from "./file_state.ts";
export * from "./manifest.ts";
export * from "./manifest_event.ts";
export * from "./manifest_name.ts";
export * from "./merge_folders.ts";
export * from "./merge_manifests.ts";
export * from "./other_files.ts";
export * from "./overlap.ts";
export * from "./present_outputs.ts";
export * from "./progress.ts";
export * from "./read_manifest.ts";
export * from "./records.ts";
export type { Room } from "./room.ts";
export * from "./setup.ts";
export * from "./shard.ts";
export * from "./source.ts";
export * from "./write_faults.ts";
export * from "./write_page.ts";
export {
  type TableOptions,
  writeTable,
  type WrittenTable,
} from "./write_table.ts";
