import type { Choice } from "../distribution.ts";
import type { Direction, TrialState } from "../study.ts";
import type { NamedDistribution } from "./_distribution_json.ts";

/** A trial that is created with more than its start. */
export interface Template {
  readonly state: TrialState;
  readonly values: readonly number[] | null;
  readonly completed: Date | null;
  readonly params: ReadonlyMap<string, Choice>;
  readonly distributions: ReadonlyMap<string, NamedDistribution>;
  readonly userAttributes: ReadonlyMap<string, unknown>;
  readonly systemAttributes: ReadonlyMap<string, unknown>;
  readonly intermediateValues: ReadonlyMap<number, number>;
}

/** What a line of a journal does, without who wrote it. */
export type Action =
  | {
    readonly kind: "createStudy";
    readonly name: string;
    readonly directions: readonly Direction[];
  }
  | { readonly kind: "deleteStudy"; readonly study: number }
  | {
    readonly kind: "setStudyUserAttribute" | "setStudySystemAttribute";
    readonly study: number;
    readonly key: string;
    readonly value: unknown;
  }
  | {
    readonly kind: "createTrial";
    readonly study: number;
    readonly started: Date | null;
    /** Null for a trial that runs from nothing. */
    readonly template: Template | null;
  }
  | {
    readonly kind: "setTrialParam";
    readonly trial: number;
    readonly name: string;
    readonly distribution: NamedDistribution;
    readonly value: Choice;
  }
  | {
    readonly kind: "setTrialState";
    readonly trial: number;
    readonly state: TrialState;
    readonly values: readonly number[] | null;
    /** When it began or ended; null for a trial that waits. */
    readonly at: Date | null;
  }
  | {
    readonly kind: "setIntermediateValue";
    readonly trial: number;
    readonly step: number;
    readonly value: number;
  }
  | {
    readonly kind: "setTrialUserAttribute" | "setTrialSystemAttribute";
    readonly trial: number;
    readonly key: string;
    readonly value: unknown;
  }
  /** What another program of Optuna's family writes, and Optuna skips. */
  | { readonly kind: "discardTrials" };

/** A line of a journal. */
export interface Operation {
  /** Who wrote it: a UUID, a hyphen and a number. */
  readonly worker: string;
  /** What it does. */
  readonly action: Action;
}

/** Optuna's number of each kind of line. */
export const codes: Readonly<Record<Action["kind"], number>> = {
  createStudy: 0,
  deleteStudy: 1,
  setStudyUserAttribute: 2,
  setStudySystemAttribute: 3,
  createTrial: 4,
  setTrialParam: 5,
  setTrialState: 6,
  setIntermediateValue: 7,
  setTrialUserAttribute: 8,
  setTrialSystemAttribute: 9,
  discardTrials: 10,
};

/** By Optuna's number of a state. */
export const states: readonly TrialState[] = [
  "running",
  "complete",
  "pruned",
  "failed",
  "waiting",
];

/** By Optuna's number of a direction; 0 is one that nobody set. */
export const directions: readonly (Direction | null)[] = [
  null,
  "minimize",
  "maximize",
];

/** Whether nothing may change any more. */
export function isFinished(state: TrialState): boolean {
  return state !== "running" && state !== "waiting";
}
