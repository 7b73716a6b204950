import { brief } from "@unet/errors";
import type { TrialState } from "../study.ts";
import { parseDatetime } from "./_datetime.ts";
import {
  type NamedDistribution,
  parseDistribution,
} from "./_distribution_json.ts";
import {
  type Action,
  codes,
  directions,
  isFinished,
  type Operation,
  states,
  type Template,
} from "./_operation.ts";
import { toExternal } from "./_to_internal.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what a line of a journal says.
 *
 * @param json The line's object.
 * @throws {SyntaxError} With what was found, if Optuna would not take it.
 */
export function readOperation(json: unknown): Operation {
  const line = toTable(json, "a line");
  // A list as a key would be written out, however deep it is.
  const kind = typeof line.op_code === "number"
    ? kinds[line.op_code]
    : undefined;
  if (kind === undefined) {
    throw line.op_code === undefined
      ? lacks("op_code")
      : new SyntaxError(`op_code ${brief(line.op_code)}`);
  }
  if (typeof line.worker_id !== "string") throw lacks("worker_id");
  return { worker: line.worker_id, action: readers[kind](line) };
}

const kinds = Object.keys(codes) as Action["kind"][];

const readers: Readonly<Record<Action["kind"], (line: Fields) => Action>> = {
  createStudy: (line) => {
    if (!Array.isArray(line.directions)) throw lacks("directions");
    return {
      kind: "createStudy",
      name: text(line, "study_name"),
      directions: line.directions.map((value) => {
        const direction = typeof value === "number"
          ? directions[value]
          : undefined;
        if (!direction) {
          throw new SyntaxError(`direction ${brief(value)}`);
        }
        return direction;
      }),
    };
  },
  deleteStudy: (line) => ({ kind: "deleteStudy", study: id(line, "study_id") }),
  setStudyUserAttribute: (line) => ({
    kind: "setStudyUserAttribute",
    study: id(line, "study_id"),
    ...attribute(line, "user_attr"),
  }),
  setStudySystemAttribute: (line) => ({
    kind: "setStudySystemAttribute",
    study: id(line, "study_id"),
    ...attribute(line, "system_attr"),
  }),
  createTrial: (line) => ({
    kind: "createTrial",
    study: id(line, "study_id"),
    started: line.datetime_start === null ? null : time(line, "datetime_start"),
    template: readTemplate(line),
  }),
  setTrialParam: (line) => {
    const distribution = parseDistribution(text(line, "distribution"));
    return {
      kind: "setTrialParam",
      trial: id(line, "trial_id"),
      name: text(line, "param_name"),
      distribution,
      value: toExternal(
        distribution.distribution,
        number(line, "param_value_internal"),
      ),
    };
  },
  setTrialState: (line) => {
    const state = toState(line.state);
    let at: Date | null = null;
    if (state === "running") at = time(line, "datetime_start");
    if (isFinished(state)) at = time(line, "datetime_complete");
    const trial = id(line, "trial_id");
    const values = line.values === null ? null : numbers(line.values, "values");
    return { kind: "setTrialState", trial, state, values, at };
  },
  setIntermediateValue: (line) => ({
    kind: "setIntermediateValue",
    trial: id(line, "trial_id"),
    step: whole(line.step, "step"),
    value: number(line, "intermediate_value"),
  }),
  setTrialUserAttribute: (line) => ({
    kind: "setTrialUserAttribute",
    trial: id(line, "trial_id"),
    ...attribute(line, "user_attr"),
  }),
  setTrialSystemAttribute: (line) => ({
    kind: "setTrialSystemAttribute",
    trial: id(line, "trial_id"),
    ...attribute(line, "system_attr"),
  }),
  discardTrials: () => ({ kind: "discardTrials" }),
};

const templateFields = [
  "state",
  "value",
  "values",
  "distributions",
  "params",
  "user_attrs",
  "system_attrs",
  "intermediate_values",
  "datetime_complete",
];

function readTemplate(line: Fields): Template | null {
  if (!templateFields.some((name) => name in line)) return null;
  const distributions = new Map<string, NamedDistribution>();
  for (const [name, value] of entries(line, "distributions")) {
    if (typeof value !== "string") throw lacks("distributions");
    distributions.set(name, parseDistribution(value));
  }
  const value = line.value ?? null, values = line.values ?? null;
  if (value !== null && values !== null) {
    throw new SyntaxError('both "value" and "values"');
  }
  const single = value === null ? null : [number(line, "value")];
  return {
    state: line.state === undefined ? "running" : toState(line.state),
    values: values === null ? single : numbers(values, "values"),
    completed: line.datetime_complete === undefined
      ? null
      : time(line, "datetime_complete"),
    distributions,
    params: new Map(
      entries(line, "params").map(([name, value]) => {
        const found = distributions.get(name);
        if (!found) {
          throw new SyntaxError(
            `a parameter ${brief(name)} without a distribution`,
          );
        }
        const internal = number({ [name]: value }, name);
        return [name, toExternal(found.distribution, internal)];
      }),
    ),
    userAttributes: new Map(entries(line, "user_attrs")),
    systemAttributes: new Map(entries(line, "system_attrs")),
    intermediateValues: new Map(
      entries(line, "intermediate_values").map(([step, value]) => [
        whole(step.trim() === "" ? NaN : Number(step), "intermediate_values"),
        number({ [step]: value }, step),
      ]),
    ),
  };
}

function lacks(name: string): SyntaxError {
  return new SyntaxError(`no usable "${name}"`);
}

function toTable(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Fields;
  }
  throw new SyntaxError(`${name} that is no object`);
}

function entries(line: Fields, name: string): [string, unknown][] {
  const value = line[name];
  return value === undefined ? [] : Object.entries(toTable(value, name));
}

function attribute(
  line: Fields,
  name: string,
): { key: string; value: unknown } {
  const [first, ...others] = entries(line, name);
  if (!first || others.length > 0) throw lacks(name);
  return { key: first[0], value: first[1] };
}

function text(line: Fields, name: string): string {
  const value = line[name];
  if (typeof value === "string") return value;
  throw lacks(name);
}

function number(line: Fields, name: string): number {
  const value = line[name];
  if (typeof value === "number") return value;
  throw lacks(name);
}

function numbers(value: unknown, name: string): number[] {
  if (
    Array.isArray(value) && value.every((item) => typeof item === "number")
  ) return value;
  throw lacks(name);
}

function whole(value: unknown, name: string): number {
  if (Number.isInteger(value)) return value as number;
  throw lacks(name);
}

function id(line: Fields, name: string): number {
  return whole(line[name], name);
}

function time(line: Fields, name: string): Date {
  return parseDatetime(text(line, name));
}

function toState(value: unknown): TrialState {
  const state = typeof value === "number" ? states[value] : undefined;
  if (state) return state;
  throw new SyntaxError(`state ${brief(value)}`);
}
