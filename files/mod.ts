/**
 * Writes files and folders atomically, and words the system's faults.
 *
 * A file is written beside its place, flushed to the disk and renamed, so that
 * no reader, crash or full disk ever leaves half of it. A folder of related
 * files is replaced in the same way.
 *
 * @example
 * ```ts
 * import { readFile, writeFile } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeFile(`${folder}/note.txt`, "whole");
 * const bytes = await readFile(`${folder}/note.txt`, "note");
 * assertEquals(new TextDecoder().decode(bytes), "whole");
 * ```
 *
 * @module
 */
export * from "./byte_budget.ts";
export * from "./cache_folder.ts";
export * from "./download_file.ts";
export * from "./file_lock.ts";
export * from "./file_writer.ts";
export * from "./find_folder.ts";
export * from "./flush_folder.ts";
export * from "./folder_writer.ts";
export * from "./hold_lock.ts";
export * from "./leads_out.ts";
export * from "./make_folder.ts";
export * from "./memory_limit.ts";
export * from "./parse_json.ts";
export * from "./info_of.ts";
export * from "./path_info.ts";
export * from "./read_file.ts";
export * from "./remove_folder.ts";
export * from "./remove_leftovers.ts";
export * from "./replace_file.ts";
export * from "./replace_folder.ts";
export * from "./stored_zip.ts";
export * from "./system_fault.ts";
export * from "./write_file.ts";
