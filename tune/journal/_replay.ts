import type { Direction, Study } from "../study.ts";
import type { NamedDistribution } from "./_distribution_json.ts";
import { isCompatible } from "./_is_compatible.ts";
import { type Action, isFinished } from "./_operation.ts";
import {
  newTrial,
  type StudyRecord,
  toStudy,
  touch,
  type TrialRecord,
} from "./_records.ts";
import type { Refusal } from "./journal_error.ts";

/** What became of a line. */
export type Outcome =
  | { readonly refused: Refusal }
  | { readonly refused: null; readonly id: number };

/**
 * The studies that the lines of a journal add up to. Lines that come too late
 * or without effect are skipped, as Optuna skips them, so that everybody who reads
 * the same lines sees the same studies.
 */
export class Replay {
  readonly #studies = new Map<number, StudyRecord>();
  readonly #trials: TrialRecord[] = [];
  #nextStudy = 0;
  #view: readonly Study[] | null = null;

  /** The studies that are not deleted, as they stand now. */
  get studies(): readonly Study[] {
    return this.#view ??= Array.from(this.#studies.values(), toStudy);
  }

  /** The record of a study that is not deleted. */
  study(id: number): StudyRecord | undefined {
    return this.#studies.get(id);
  }

  /** The record of a trial, be its study deleted or not. */
  trial(id: number): TrialRecord | undefined {
    return this.#trials[id];
  }

  /** Why a line would be skipped now, or null. */
  refusal(action: Action): Refusal | null {
    if (action.kind === "discardTrials") return null;
    if (action.kind === "createStudy") {
      for (const { name } of this.#studies.values()) {
        if (name === action.name) return "duplicate";
      }
      return null;
    }
    if ("study" in action) {
      return this.#studies.has(action.study) ? null : "absent";
    }
    const trial = this.#trials[action.trial];
    if (!trial) return "absent";
    if (isFinished(trial.state)) return "finished";
    if (action.kind === "setTrialState") {
      return action.state === "running" && trial.state === "running"
        ? "running"
        : null;
    }
    if (action.kind === "setTrialParam") {
      const { distribution } = trial.study.holders.get(action.name) ?? {};
      return !distribution || isCompatible(distribution, action.distribution)
        ? null
        : "incompatible";
    }
    return null;
  }

  /** Does what a line says, unless it is refused. */
  apply(action: Action): Outcome {
    const refused = this.refusal(action);
    if (refused) return { refused };
    this.#view = null;
    switch (action.kind) {
      case "discardTrials":
        return { refused, id: -1 };
      case "createStudy":
        return { refused, id: this.#createStudy(action) };
      case "deleteStudy":
        this.#studies.delete(action.study);
        return { refused, id: action.study };
      case "createTrial":
        return { refused, id: this.#createTrial(action) };
      case "setStudyUserAttribute":
      case "setStudySystemAttribute": {
        const study = this.#studies.get(action.study)!;
        study.view = null;
        attributesOf(study, action.kind === "setStudyUserAttribute")
          .set(action.key, action.value);
        return { refused, id: action.study };
      }
      default:
        setTrial(this.#trials[action.trial]!, action);
        return { refused, id: action.trial };
    }
  }

  #createStudy(
    action: { name: string; directions: readonly Direction[] },
  ): number {
    const id = this.#nextStudy++;
    this.#studies.set(id, {
      id,
      name: action.name,
      directions: action.directions,
      userAttributes: new Map(),
      systemAttributes: new Map(),
      trials: [],
      holders: new Map(),
      view: null,
    });
    return id;
  }

  #createTrial(action: Action & { kind: "createTrial" }): number {
    const study = this.#studies.get(action.study)!;
    const trial = newTrial(study, this.#trials.length, action);
    this.#trials.push(trial);
    study.trials.push(trial);
    study.view = null;
    for (const name of trial.params.keys()) {
      hold(trial, name, trial.distributions.get(name)!);
    }
    return trial.id;
  }
}

type TrialAction = Extract<Action, { readonly trial: number }>;

function setTrial(trial: TrialRecord, action: TrialAction): void {
  touch(trial);
  switch (action.kind) {
    case "setTrialParam":
      trial.params.set(action.name, action.value);
      trial.distributions.set(action.name, action.distribution);
      hold(trial, action.name, action.distribution);
      break;
    case "setTrialState":
      if (action.state === "running") trial.started = action.at;
      if (isFinished(action.state)) trial.completed = action.at;
      trial.state = action.state;
      if (action.values !== null) trial.values = action.values;
      break;
    case "setIntermediateValue":
      trial.intermediateValues.set(action.step, action.value);
      break;
    default:
      attributesOf(trial, action.kind === "setTrialUserAttribute")
        .set(action.key, action.value);
  }
}

function attributesOf(
  { userAttributes, systemAttributes }: StudyRecord | TrialRecord,
  isUser: boolean,
): Map<string, unknown> {
  return isUser ? userAttributes : systemAttributes;
}

/** The first trial that has a parameter decides what is compatible with it. */
function hold(
  { number, study }: TrialRecord,
  name: string,
  distribution: NamedDistribution,
): void {
  const holder = study.holders.get(name);
  if (!holder || number < holder.number) {
    study.holders.set(name, { number, distribution });
  }
}
