import { dirname, join, resolve } from "@std/path";
import { cannot, FileError } from "@unet/errors";

/**
 * Which files hold planes of a stack that was segmented by another file's name,
 * as the files of an OME-TIFF in several do: each of them stands for the whole,
 * which is segmented once.
 */
export class StackMembers {
  readonly #named = new Map<string, string>();

  /**
   * Notes the files of a stack.
   *
   * @param input The file by which it was segmented.
   * @param others The names of the files beside it that it was read from too.
   */
  add(input: string, others: readonly { readonly name: string }[]): void {
    for (const { name } of others) {
      this.#named.set(resolve(join(dirname(input), name)), input);
    }
  }

  /**
   * Refuses a file whose stack was segmented.
   *
   * @throws {FileError} If it was, by another file's name.
   */
  check(input: string): void {
    const named = this.#named.get(resolve(input));
    if (named === undefined) return;
    throw new FileError(cannot("segment", "image", input, {
      found: `a part of the stack that "${named}" stands for`,
      expected: "one file per stack",
      remedy: "name one of its files instead of their folder",
    }));
  }
}
