import type { Choice, Space } from "../distribution.ts";
import type { TrialState } from "../study.ts";

/** Options for creating a trial. */
export interface TrialOptions {
  /** Where it stands; `running` if unset. */
  readonly state?: TrialState;
  /** What was measured, a number for each direction. */
  readonly values?: readonly number[] | null;
  /** Its parameters, each with a distribution. */
  readonly params?: Readonly<Record<string, Choice>>;
  /** Where each of the parameters came from. */
  readonly distributions?: Space;
  /** What was reported on the way, by step. */
  readonly intermediateValues?: ReadonlyMap<number, number>;
  /** What people and programs note. */
  readonly userAttributes?: Readonly<Record<string, unknown>>;
  /** What samplers and storages note. */
  readonly systemAttributes?: Readonly<Record<string, unknown>>;
  /** When it began; now if unset, but for one that waits. */
  readonly started?: Date;
  /** When it ended; now if unset and it has. */
  readonly completed?: Date;
}
