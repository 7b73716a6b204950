import { basename, dirname, join } from "@std/path";
import { type ByteSource, fileSource } from "./byte_source.ts";

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

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (cause) {
    // Whatever else is wrong is said when the file is opened.
    return !(cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory);
  }
}
