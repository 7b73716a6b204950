import type { TrialState } from "../study.ts";

/**
 * Refuses values that do not fit the state of a trial, as Optuna would once it
 * has read them.
 *
 * @param directions How many values the study's trials have.
 * @throws {RangeError} If they do not.
 */
export function checkValues(
  state: TrialState,
  values: readonly number[] | null,
  directions: number,
): void {
  if (state === "failed" && values !== null) {
    throw new RangeError(`Expected no values of a failed trial, got ${values}`);
  }
  if (state === "complete" && values === null) {
    throw new RangeError("Expected values of a complete trial, got none");
  }
  if (values === null) return;
  if (values.length !== directions) {
    throw new RangeError(
      `Expected a value for each of ${directions} directions, got ${values.length}`,
    );
  }
  if (state === "complete" && values.some(Number.isNaN)) {
    throw new RangeError("Expected numbers of a complete trial, got NaN");
  }
}
