import type { PartWriter } from "./format.ts";

/** A file that is being written, however its pieces are added. */
interface OpenFile extends AsyncDisposable {
  finish(): Promise<void>;
}

/**
 * Makes a writer of a part from a writer of files.
 *
 * @param file The file.
 * @param write Adds a piece to it.
 * @returns The writer; finishing and disposing are the file's own.
 */
export function toPartWriter<Piece>(
  file: OpenFile,
  write: (piece: Piece) => Promise<void>,
): PartWriter<Piece> {
  return {
    write,
    finish: () => file.finish(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}
