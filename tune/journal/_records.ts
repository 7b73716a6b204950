import type { Choice } from "../distribution.ts";
import type { Direction, Study, Trial, TrialState } from "../study.ts";
import type { NamedDistribution } from "./_distribution_json.ts";
import type { Action } from "./_operation.ts";

/** A study that lines still change, and what was last shown of it. */
export interface StudyRecord {
  readonly id: number;
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly userAttributes: Map<string, unknown>;
  readonly systemAttributes: Map<string, unknown>;
  readonly trials: TrialRecord[];
  /** By parameter, its distribution in the first trial that has it. */
  readonly holders: Map<
    string,
    { readonly number: number; readonly distribution: NamedDistribution }
  >;
  view: Study | null;
}

/** A trial that lines still change, and what was last shown of it. */
export interface TrialRecord {
  readonly id: number;
  readonly number: number;
  readonly study: StudyRecord;
  state: TrialState;
  values: readonly number[] | null;
  started: Date | null;
  completed: Date | null;
  readonly params: Map<string, Choice>;
  readonly distributions: Map<string, NamedDistribution>;
  readonly userAttributes: Map<string, unknown>;
  readonly systemAttributes: Map<string, unknown>;
  readonly intermediateValues: Map<number, number>;
  view: Trial | null;
}

/** Begins the record of a trial that comes last in its study. */
export function newTrial(
  study: StudyRecord,
  id: number,
  { started, template }: Action & { kind: "createTrial" },
): TrialRecord {
  return {
    id,
    number: study.trials.length,
    study,
    state: template?.state ?? "running",
    values: template?.values ?? null,
    started,
    completed: template?.completed ?? null,
    params: new Map(template?.params),
    distributions: new Map(template?.distributions),
    userAttributes: new Map(template?.userAttributes),
    systemAttributes: new Map(template?.systemAttributes),
    intermediateValues: new Map(template?.intermediateValues),
    view: null,
  };
}

/** Says that a trial changed, and with it its study. */
export function touch(trial: TrialRecord): void {
  trial.view = null;
  trial.study.view = null;
}

/** A study as it stands now; what did not change is the same object. */
export function toStudy(record: StudyRecord): Study {
  return record.view ??= {
    id: record.id,
    name: record.name,
    directions: record.directions,
    userAttributes: Object.fromEntries(record.userAttributes),
    systemAttributes: Object.fromEntries(record.systemAttributes),
    trials: record.trials.map(toTrial),
  };
}

/** A trial as it stands now; the same object while nothing changes. */
export function toTrial(record: TrialRecord): Trial {
  return record.view ??= {
    id: record.id,
    number: record.number,
    state: record.state,
    values: record.values,
    params: Object.fromEntries(record.params),
    distributions: Object.fromEntries(
      Array.from(
        record.distributions,
        ([name, { distribution }]) => [name, distribution],
      ),
    ),
    intermediateValues: new Map(record.intermediateValues),
    userAttributes: Object.fromEntries(record.userAttributes),
    systemAttributes: Object.fromEntries(record.systemAttributes),
    started: record.started,
    completed: record.completed,
  };
}
