import type { Study } from "../study.ts";

/** All parameters of a study, in the order in which trials brought them up. */
export function parameterNames(study: Study): string[] {
  return [
    ...new Set(study.trials.flatMap(({ params }) => Object.keys(params))),
  ];
}
