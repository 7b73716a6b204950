import { named } from "./_distribution_json.ts";
import { type Action, isFinished } from "./_operation.ts";
import type { TrialOptions } from "./trial_options.ts";

/**
 * The line that creates a trial.
 *
 * @throws {RangeError} If parameters and distributions differ in names, or the
 * values do not fit the state.
 */
export function creationOf(
  study: number,
  options: TrialOptions,
): Action & { readonly kind: "createTrial" } {
  const { state = "running", values = null } = options;
  const { params = {}, distributions = {} } = options;
  const names = Object.keys(params), others = Object.keys(distributions);
  if (
    names.length !== others.length ||
    !names.every((name) => Object.hasOwn(distributions, name))
  ) {
    throw new RangeError(
      `Expected a distribution for each parameter, got those of ${
        others.join(", ") || "none"
      } for ${names.join(", ") || "none"}`,
    );
  }
  const now = new Date();
  return {
    kind: "createTrial",
    study,
    started: options.started ?? (state === "waiting" ? null : now),
    template: Object.keys(options).length === 0 ? null : {
      state,
      values,
      completed: isFinished(state) ? options.completed ?? now : null,
      params: new Map(Object.entries(params)),
      distributions: new Map(
        Object.entries(distributions)
          .map(([name, distribution]) => [name, named(distribution)]),
      ),
      userAttributes: new Map(Object.entries(options.userAttributes ?? {})),
      systemAttributes: new Map(Object.entries(options.systemAttributes ?? {})),
      intermediateValues: new Map(options.intermediateValues),
    },
  };
}
