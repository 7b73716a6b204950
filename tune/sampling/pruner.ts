import type { Study, Trial } from "../study.ts";

/** A pruner's answer. */
export interface Verdict {
  /** Whether the trial should end. */
  readonly prune: boolean;
  /**
   * What to note on the trial before it continues or ends, whichever the answer:
   * the rungs of Successive Halving, under Optuna's names.
   */
  readonly systemAttributes: Readonly<Record<string, number>>;
}

/** Decides whether a running trial is worth continuing. */
export interface Pruner {
  /**
   * Judges a trial by the intermediate value of its last step.
   *
   * @param study The study, with trials of any state.
   * @param trial The trial, with all that it reported.
   * @throws {RangeError} If the study has several directions.
   */
  shouldPrune(study: Study, trial: Trial): Verdict;
}
