import type { Choice } from "../distribution.ts";

/** A trial under way, as its objective sees it. */
export interface RunningTrial {
  /** Its number within the study, from 0. */
  readonly number: number;
  /** Its parameters by name: those of the space, and what was queued besides. */
  readonly params: Readonly<Record<string, Choice>>;
  /**
   * What people and programs noted; of a trial that was queued again, what they
   * noted of the one before.
   */
  readonly userAttributes: Readonly<Record<string, unknown>>;
  /**
   * The trials of the same parameters whose workers died, as numbers in the
   * order of their trying.
   */
  readonly previous: readonly number[];
  /**
   * Aborted when the work is to stop: the objective throws its reason then, or
   * returns if it is done all the same.
   */
  readonly signal: AbortSignal;
  /**
   * Notes how well the trial does so far.
   *
   * @param step When, as in an epoch; a step that was noted before is replaced.
   * @param value How well; may be NaN.
   * @throws {LostTrialError} If another worker took the trial for dead.
   */
  report(step: number, value: number): Promise<void>;
  /** Whether the trial should end here, by what was reported last. */
  shouldPrune(): Promise<boolean>;
  /** Notes something about the trial; a JSON value. */
  setUserAttribute(key: string, value: unknown): Promise<void>;
}

/** The result of a trial: its value, or that it was ended early. */
export type Outcome =
  | { readonly value: number }
  | { readonly pruned: true };

/** Tries parameters. */
export type Objective = (trial: RunningTrial) => Promise<Outcome>;

/**
 * What {@linkcode RunningTrial.report} throws when the trial is no longer this
 * worker's: it was silent for longer than the grace time, and its parameters
 * were queued again.
 *
 * @example
 * ```ts
 * import { LostTrialError } from "@unet/tune/run";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new LostTrialError(3).message, "Trial 3 was taken for dead");
 * ```
 */
export class LostTrialError extends Error {
  /** The name of the class. */
  override name = "LostTrialError";

  /** Says which trial it was. */
  constructor(number: number) {
    super(`Trial ${number} was taken for dead`);
  }
}
