import type { Direction, Study, Trial } from "../study.ts";
import { bestTrials } from "./best_trials.ts";
import { type Importance, importances } from "./importances.ts";
import { objectiveNames } from "./_objective_names.ts";
import { parameterNames } from "./_parameter_names.ts";
import { type ValueExtent, valueExtent } from "./_value_extent.ts";

/** One of the values that a study is after. */
export interface Objective {
  readonly index: number;
  readonly name: string;
  readonly direction: Direction;
  /** What an axis of the complete trials' values shows. */
  readonly extent: ValueExtent;
}

/** What several parts of the page show. */
export interface PageFacts {
  readonly study: Study;
  /** Complete trials all of whose values are finite. */
  readonly complete: readonly Trial[];
  readonly best: ReadonlySet<Trial>;
  readonly objectives: readonly Objective[];
  /** For each objective; none where there is too little to go by. */
  readonly shares: readonly (readonly Importance[])[];
  /** Those that matter most first, for the first objective. */
  readonly parameters: readonly string[];
}

/** Of more objectives nobody could read a page. */
export const mostObjectives = 6;

/** Gathers what the page shows. */
export function pageFacts(study: Study): PageFacts {
  const complete = study.trials.filter((trial) =>
    trial.state === "complete" && hasFiniteValues(trial) &&
    trial.values!.length === study.directions.length
  );
  const names = objectiveNames(study);
  const objectives = study.directions.slice(0, mostObjectives)
    .map((direction, index): Objective => ({
      index,
      name: names[index]!,
      direction,
      extent: valueExtent(
        complete.map(({ values }) => values![index]!),
        direction,
      ),
    }));
  const shares = objectives.map(({ index }) =>
    importances(study, { objective: index })
  );
  const ranked = shares[0]?.map(({ name }) => name) ?? [];
  const parameters = [...new Set([...ranked, ...parameterNames(study)])];
  return {
    ...{ study, complete, objectives, shares, parameters },
    best: new Set(bestTrials(study)),
  };
}

/** Whether there is a place for a trial in a chart. */
export function hasFiniteValues({ values }: Trial): boolean {
  return values !== null && values.every(Number.isFinite);
}

/** Such as "F1, higher is better". */
export function directedName({ name, direction }: Objective): string {
  return `${name}, ${direction === "maximize" ? "higher" : "lower"} is better`;
}
