import { basename, dirname, join } from "@std/path";
import type { DatasetFile } from "../dataset/dataset_file.ts";
import { type ByteSource, fileSource, memorySource } from "./byte_source.ts";

/** A file that an image is read from, and the folder that it lies in. */
export interface ImageFile {
  /** What messages call it. */
  readonly path: string;
  /** Its name within its folder. */
  readonly name: string;
  /** Where it lies on the disk; absent in a zip and in memory. */
  readonly diskPath?: string;
  /**
   * Opens it.
   *
   * @throws {FileError} If it cannot be opened.
   */
  open(): Promise<ByteSource>;
  /** The file of a name in the same folder; undefined where there is none. */
  beside(name: string): ImageFile | undefined;
}

/** A file on the disk. */
export function fileOnDisk(path: string): ImageFile {
  return {
    path,
    name: basename(path),
    diskPath: path,
    open: () => Promise.try(() => fileSource(path)),
    beside: (name) => {
      const neighbor = join(dirname(path), name);
      return isFile(neighbor) ? fileOnDisk(neighbor) : undefined;
    },
  };
}

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

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (cause) {
    // Whatever else is wrong is said when the file is opened.
    return !(cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory);
  }
}
