import { dirname, join } from "@std/path";
import { FileError } from "@unet/errors";
import { hashFile, readStamp, type Stamp } from "./source.ts";

/** A file beside an image that the image was read from too. */
export interface OtherFile extends Stamp {
  /** Its name, in the image's folder. */
  readonly name: string;
  /** The SHA-256 of its bytes. */
  readonly hash: string;
}

/** The other files of images, each of which is hashed once. */
export class OtherFiles {
  readonly #known = new Map<string, OtherFile>();

  /**
   * Says what other files are like now.
   *
   * @param input The image.
   * @param names Their names beside it.
   * @param signal Ends hashing early.
   * @returns One each.
   * @throws {FileError} If one cannot be read.
   */
  async describe(
    input: string,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<OtherFile[]> {
    const found: OtherFile[] = [];
    for (const name of names) {
      const path = join(dirname(input), name);
      const stamp = await readStamp(path), known = this.#known.get(path);
      const isKnown = known?.size === stamp.size &&
        known.modified === stamp.modified;
      const file = isKnown ? known : { name, ...await hashFile(path, signal) };
      this.#known.set(path, file);
      found.push(file);
    }
    return found;
  }

  /**
   * Compares other files with what they were.
   *
   * @param input The image.
   * @param before What they were.
   * @param signal Ends hashing early.
   * @returns The name of one that changed or is gone, or else what they are
   * like now; a file is hashed only where its time alone differs.
   */
  async compare(
    input: string,
    before: readonly OtherFile[],
    signal?: AbortSignal,
  ): Promise<{ changed: string } | { others: OtherFile[] }> {
    const others: OtherFile[] = [];
    for (const one of before) {
      const { name, size, modified, hash } = one;
      try {
        const stamp = await readStamp(join(dirname(input), name));
        if (stamp.size !== size) return { changed: name };
        if (stamp.modified === modified) others.push(one);
        else {
          const [now] = await this.describe(input, [name], signal);
          if (now!.hash !== hash) return { changed: name };
          others.push(now!);
        }
      } catch (error) {
        // One that is gone or cannot be read is not what it was.
        if (error instanceof FileError) return { changed: name };
        throw error;
      }
    }
    return { others };
  }
}

/**
 * Joins what other files were at two times.
 *
 * @returns One each; undefined where a file of both changed between them.
 */
export function joinOthers(
  one: readonly OtherFile[] = [],
  other: readonly OtherFile[] = [],
): OtherFile[] | undefined {
  const joined = new Map(one.map((file) => [file.name, file]));
  for (const file of other) {
    const known = joined.get(file.name);
    if (known && known.hash !== file.hash) return undefined;
    joined.set(file.name, file);
  }
  return [...joined.values()];
}
