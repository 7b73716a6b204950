/**
 * The errors that a user at the terminal reads.
 *
 * A fault of input, file or machine is a {@linkcode UnetError}; the command
 * line prints its message alone, without a stack trace, and exits with 2. A
 * programmer's mistake stays a built-in `TypeError` or `RangeError`. Runs in a
 * browser.
 *
 * @example
 * ```ts
 * import { cannot, FileError, UnetError } from "@unet/errors";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const error = new FileError(cannot("read", "image", "cell.png", {
 *   found: "a text file",
 *   expected: "PNG, JPEG or TIFF",
 * }));
 * assert(error instanceof UnetError);
 * assertEquals(
 *   error.message,
 *   'Cannot read image "cell.png": found a text file, expected PNG, JPEG or TIFF',
 * );
 * ```
 *
 * @module
 */
export * from "./brief.ts";
export * from "./cannot.ts";
export * from "./count.ts";
export * from "./unet_error.ts";
