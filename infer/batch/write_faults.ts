import { cannot, FileError } from "@unet/errors";

/** Files in a row that a full disk may fail before the batch ends. */
const most = 3;

/**
 * Whether an error comes from a disk that takes no more: full, over the
 * quota, or read-only since.
 *
 * @example
 * ```ts
 * import { isFullDisk } from "@unet/infer/batch";
 * import { FileError } from "@unet/errors";
 * import { assert } from "@std/assert";
 *
 * const cause = new Error("No space left on device (os error 28)");
 * assert(isFullDisk(new FileError("Cannot write mask", { cause })));
 * assert(!isFullDisk(new FileError("Cannot read image")));
 * ```
 */
export function isFullDisk(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (/\(os error (28|30|122)\)|ENOSPC|EROFS|EDQUOT/.test(each.message)) {
      return true;
    }
  }
  return false;
}

/**
 * Counts the files in a row that a full disk failed. One may only be larger
 * than what is left, and a smaller one after it fits; but thousands should not
 * be segmented for nothing.
 *
 * @example
 * ```ts
 * import { WriteFaults } from "@unet/infer/batch";
 * import { FileError } from "@unet/errors";
 * import { assertThrows } from "@std/assert";
 *
 * const full = new Error("No space left on device (os error 28)");
 * const error = new FileError("Cannot write mask", { cause: full });
 * const faults = new WriteFaults("results");
 * faults.add(error);
 * faults.add(undefined);
 * faults.add(error);
 * faults.add(error);
 * assertThrows(() => faults.add(error), FileError, "3 files in a row");
 * ```
 */
export class WriteFaults {
  readonly #out: string;
  #count = 0;

  /**
   * Begins with none.
   *
   * @param out The output folder, for the message.
   */
  constructor(out: string) {
    this.#out = out;
  }

  /**
   * Counts a file.
   *
   * @param error Why it failed; undefined if it did not.
   * @throws {FileError} If it is the third in a row that a full disk failed.
   */
  add(error: unknown): void {
    if (error === undefined) this.#count = 0;
    // A file that cannot be read says nothing about the disk written to.
    if (!isFullDisk(error) || ++this.#count < most) return;
    throw new FileError(
      cannot("continue writing into", "output folder", this.#out, {
        found: `a full disk, ${most} files in a row`,
        remedy: "free some space; the same command then segments the rest",
      }),
      { cause: error },
    );
  }
}
