import type { Choice, Distribution } from "./distribution.ts";

/** Whether a small or a large value is the better one. */
export type Direction = "minimize" | "maximize";

/** Where a trial stands; "waiting" is queued with its parameters. */
export type TrialState =
  | "running"
  | "complete"
  | "pruned"
  | "failed"
  | "waiting";

/** One try: parameters and what came of them. */
export interface Trial {
  /** Its number among all trials of the file, from 0. */
  readonly id: number;
  /** Its number within the study, from 0. */
  readonly number: number;
  /** Where it stands. */
  readonly state: TrialState;
  /** What was measured, a number for each direction; null before. */
  readonly values: readonly number[] | null;
  /** The parameters by name; of a categorical one the choice itself. */
  readonly params: Readonly<Record<string, Choice>>;
  /** Where each parameter came from. */
  readonly distributions: Readonly<Record<string, Distribution>>;
  /** What was reported on the way, by step; may be NaN. */
  readonly intermediateValues: ReadonlyMap<number, number>;
  /** What people and programs noted. */
  readonly userAttributes: Readonly<Record<string, unknown>>;
  /** What samplers and storages noted. */
  readonly systemAttributes: Readonly<Record<string, unknown>>;
  /** When it began, or null while it waits. */
  readonly started: Date | null;
  /** When it ended, or null. */
  readonly completed: Date | null;
}

/** Trials that look for the same thing. */
export interface Study {
  /** Its number in the file, from 0. */
  readonly id: number;
  /** Its name, one of a kind in the file. */
  readonly name: string;
  /** What is better, for each value of a trial. */
  readonly directions: readonly Direction[];
  /** What people and programs noted. */
  readonly userAttributes: Readonly<Record<string, unknown>>;
  /** What samplers and storages noted. */
  readonly systemAttributes: Readonly<Record<string, unknown>>;
  /** The trials, by number. */
  readonly trials: readonly Trial[];
}
