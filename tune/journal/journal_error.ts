import { UnetError } from "@unet/errors";

/**
 * Why a journal skips a line: a study of that name is there
 * (`duplicate`), the study or trial is not (`absent`), the trial has ended
 * (`finished`) or is run by somebody else (`running`), or a parameter has
 * another kind, scale or list of choices in earlier trials (`incompatible`).
 */
export type Refusal =
  | "duplicate"
  | "absent"
  | "finished"
  | "running"
  | "incompatible";

/**
 * Something that the studies of a journal do not allow, possibly because
 * another worker came first.
 *
 * @example
 * ```ts
 * import { JournalError } from "@unet/tune/journal";
 * import { UnetError } from "@unet/errors";
 * import { assert } from "@std/assert";
 *
 * assert(new JournalError("Cannot end trial", "finished") instanceof UnetError);
 * ```
 */
export class JournalError extends UnetError {
  /** The name of the class. */
  override name = "JournalError";
  /** What stands in the way. */
  readonly reason: Refusal;

  /**
   * Joins the message and the reason.
   *
   * @param message What could not be done.
   * @param reason What stands in the way.
   */
  constructor(message: string, reason: Refusal) {
    super(message);
    this.reason = reason;
  }
}
