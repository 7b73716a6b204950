/**
 * Files that a page wrote, which has no disk. Runs in a browser.
 *
 * @module
 */

/** Files that were finished, by their path. */
const finished = new Map<string, Blob>();

/**
 * Keeps a finished file in memory.
 *
 * @param path Its path, as its writer was given it.
 * @param content Its bytes.
 */
export function keepWritten(path: string, content: Blob): void {
  finished.set(path, content);
}

/**
 * Gives a finished file away, and forgets it.
 *
 * @param path Its path.
 * @returns Its bytes.
 * @throws {RangeError} If no such file was finished.
 */
export function takeWritten(path: string): Blob {
  const content = finished.get(path);
  if (!content) {
    throw new RangeError(
      `Cannot take file "${path}": found none, expected a finished one`,
    );
  }
  finished.delete(path);
  return content;
}
