import { basename } from "@std/path";
import type { DatasetFile } from "../dataset/dataset_file.ts";
import { memorySource } from "./byte_source.ts";
import type { ImageFile } from "./image_file.ts";

/** A file in memory, without a folder. */
export function fileInMemory(bytes: Uint8Array, path: string): ImageFile {
  return {
    path,
    name: basename(path),
    open: () => Promise.resolve(memorySource(bytes)),
    beside: () => undefined,
  };
}

/**
 * A file of a dataset, in a folder or in a zip.
 *
 * @param bytes Its content, where it was read already.
 */
export function fileOfDataset(
  file: DatasetFile,
  bytes?: Uint8Array,
): ImageFile {
  return {
    path: file.path,
    name: basename(file.name),
    ...(file.diskPath !== undefined && { diskPath: file.diskPath }),
    open: async () => memorySource(bytes ?? await file.read()),
    beside: (name) => {
      const neighbor = file.beside?.(name);
      return neighbor && fileOfDataset(neighbor);
    },
  };
}
