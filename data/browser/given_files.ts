/**
 * Files that a person gave a page, which has no disk. Runs in a browser.
 *
 * @module
 */

/** A file that a person gave. */
export interface GivenFile {
  /** Its name within its folder. */
  readonly name: string;
  /** The folder that it was given in; files of one folder belong together. */
  readonly folder: string;
  /** Its bytes. */
  content(): Promise<Blob>;
}

/** The files that were given, by their paths. */
export const givenFiles: Map<string, GivenFile> = new Map();

/**
 * Lets `openImage()` find a file by a path.
 *
 * @param path What messages call it.
 * @param file The file, in place of the one of before.
 */
export function giveFile(path: string, file: GivenFile): void {
  givenFiles.set(path, file);
}
