import type { Random } from "@unet/random";
import type { Choice, Space } from "../distribution.ts";
import type { Study } from "../study.ts";

/** A sampler's answer. */
export interface Proposal {
  /** A value for each parameter of the space, by name. */
  readonly params: Readonly<Record<string, Choice>>;
  /** What to note on the trial, so that other workers and Optuna know. */
  readonly systemAttributes: Readonly<Record<string, unknown>>;
}

/** For which trial values are drawn, and by what. */
export interface SampleOptions {
  /**
   * A stream of the trial's own: the same stream and the same study give the
   * same proposal.
   */
  readonly random: Random;
  /** The trial's number; if the study has it already, it is not looked at. */
  readonly number: number;
}

/** Chooses parameters of the next trial. */
export interface Sampler {
  /**
   * Chooses all parameters of one trial.
   *
   * @param study The study, with trials of any state.
   * @param space What to choose from.
   * @throws {RangeError} If the space, or the study for it, is not one that the
   * sampler can work on.
   */
  sample(study: Study, space: Space, options: SampleOptions): Proposal;
  /** Whether nothing is left to try; absent where something always is. */
  isExhausted?(study: Study): boolean;
}
