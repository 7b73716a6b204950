import { UnetError } from "@unet/errors";
import type { Random } from "@unet/random";
import type { Mutation } from "./_mutate.ts";

/** A reader of files, and files that it reads. */
export interface Target {
  /** Files that are right, or known to be wrong in an interesting way. */
  readonly seeds: (folder: string) => Promise<readonly Uint8Array[]>;
  /** What may be done to them besides what may be done to any file. */
  readonly mutations?: readonly Mutation[];
  /** Makes checksums and lengths right again, so that more is read. */
  readonly repair?: (bytes: Uint8Array, random: Random) => Uint8Array;
  /**
   * Reads a file.
   *
   * @param bytes The file.
   * @param folder A folder for files, the same for all calls.
   * @throws {UnetError} If it cannot be read; anything else is a find.
   */
  readonly read: (bytes: Uint8Array, folder: string) => Promise<void>;
}

/** Does something that may be refused by a `UnetError`. */
export async function attempt(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    requirePlain(error.message);
    return false;
  }
}

/** No message shows a value that was not checked. */
function requirePlain(message: string): void {
  const fault = message.length > 10_000
    ? `a message of ${message.length} characters`
    : message.includes("[object ")
    ? "a message of an object"
    // deno-lint-ignore no-control-regex
    : /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/.test(message)
    ? "a message with control codes"
    : undefined;
  if (fault) throw new Error(`${fault}: ${message.slice(0, 300)}`);
}
