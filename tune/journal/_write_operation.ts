import { writeDatetime } from "./_datetime.ts";
import { writeDistribution } from "./_distribution_json.ts";
import {
  type Action,
  codes,
  directions,
  isFinished,
  type Operation,
  states,
  type Template,
} from "./_operation.ts";
import { Real, writePythonJson } from "./_python_json.ts";
import { toInternal } from "./_to_internal.ts";

/**
 * Writes a line of a journal as Optuna does, without the line's end.
 *
 * @throws {TypeError} If an attribute is not of JSON.
 * @throws {RangeError} If a distribution or a value is none that Optuna takes.
 */
export function writeOperation({ worker, action }: Operation): string {
  return writePythonJson({
    op_code: codes[action.kind],
    worker_id: worker,
    ...fieldsOf(action),
  });
}

function fieldsOf(action: Action): Record<string, unknown> {
  switch (action.kind) {
    case "createStudy":
      return {
        study_name: action.name,
        directions: action.directions.map((name) => directions.indexOf(name)),
      };
    case "deleteStudy":
      return { study_id: action.study };
    case "setStudyUserAttribute":
      return { study_id: action.study, user_attr: attribute(action) };
    case "setStudySystemAttribute":
      return { study_id: action.study, system_attr: attribute(action) };
    case "createTrial":
      return {
        study_id: action.study,
        datetime_start: action.started && writeDatetime(action.started),
        ...action.template && fieldsOfTemplate(action.template),
      };
    case "setTrialParam": {
      const { trial, name, distribution, value } = action;
      return {
        trial_id: trial,
        param_name: name,
        param_value_internal: internal(name, distribution.distribution, value),
        distribution: writeDistribution(distribution),
      };
    }
    case "setTrialState": {
      const { trial, state, values, at } = action;
      const time = at && writeDatetime(at);
      return {
        trial_id: trial,
        state: states.indexOf(state),
        values: values && values.map((value) => new Real(value)),
        ...state === "running" && { datetime_start: time },
        ...isFinished(state) && { datetime_complete: time },
      };
    }
    case "setIntermediateValue":
      return {
        trial_id: action.trial,
        step: action.step,
        intermediate_value: new Real(action.value),
      };
    case "setTrialUserAttribute":
      return { trial_id: action.trial, user_attr: attribute(action) };
    case "setTrialSystemAttribute":
      return { trial_id: action.trial, system_attr: attribute(action) };
    case "discardTrials":
      return {};
  }
}

function fieldsOfTemplate(template: Template): Record<string, unknown> {
  const { state, completed, distributions } = template;
  const values = template.values?.map((value) => new Real(value)) ?? null;
  const isSingle = values?.length === 1;
  const times = completed && { datetime_complete: writeDatetime(completed) };
  return {
    state: states.indexOf(state),
    value: isSingle ? values[0] : null,
    values: isSingle ? null : values,
    ...times,
    distributions: toObject(distributions, writeDistribution),
    params: Object.fromEntries(
      Array.from(template.params, ([name, value]) => {
        const found = distributions.get(name);
        if (!found) {
          throw new RangeError(`Expected a distribution of "${name}"`);
        }
        return [name, internal(name, found.distribution, value)];
      }),
    ),
    user_attrs: Object.fromEntries(template.userAttributes),
    system_attrs: Object.fromEntries(template.systemAttributes),
    intermediate_values: toObject(
      template.intermediateValues,
      (value) => new Real(value),
    ),
  };
}

/** Optuna writes the place of a choice as an int, all else as a float. */
function internal(
  ...[name, distribution, value]: Parameters<typeof toInternal>
): unknown {
  const number = toInternal(name, distribution, value);
  return distribution.kind === "categorical" ? number : new Real(number);
}

function attribute(
  { key, value }: { readonly key: string; readonly value: unknown },
): Record<string, unknown> {
  return Object.fromEntries([[key, value]]);
}

function toObject<Value>(
  map: ReadonlyMap<string | number, Value>,
  write: (value: Value) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(map, ([name, value]) => [name, write(value)]),
  );
}
