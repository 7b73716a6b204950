import { count } from "@unet/errors";
import { curvesExtent, mostCurves, reporting } from "./_draw_curves.ts";
import { historyExtent, mostMarks } from "./_draw_history.ts";
import { mostBars } from "./_draw_importances.ts";
import { mostAxes, mostLines } from "./_draw_parallel.ts";
import { mostDots, mostSlices } from "./_draw_slices.ts";
import { shorten } from "./_format.ts";
import {
  mostObjectives,
  type Objective,
  type PageFacts,
} from "./_page_facts.ts";
import { parameterNames } from "./_parameter_names.ts";
import { mostColumns, mostRows } from "./_trial_table.ts";
import { valuesOf } from "./_trial_values.ts";

/** What a study with several objectives is shown by. */
export function objectivesNote({ study: { directions } }: PageFacts): string {
  return join(
    `The study has ${directions.length} objectives${
      directions.length > mostObjectives
        ? `, of which the page shows the first ${mostObjectives}`
        : ""
    }.`,
    "There is no single best trial; those that no other beats in all objectives at once are the Pareto front.",
  );
}

/** How the history shows what has no place of its own. */
export function historyNote(facts: PageFacts, objective: Objective): string {
  const { study: { trials, directions } } = facts;
  const states = ["pruned", "running"].filter((state) =>
    trials.some((trial) => trial.state === state)
  );
  const { beyond } = historyExtent(facts, objective);
  const values = trials.filter(({ state }) => state !== "waiting")
    .map((trial) => valuesOf(trial)[objective.index] ?? NaN);
  const infinite =
    values.filter((value) => Math.abs(value) === Infinity).length;
  return join(
    directions.length === 1 && states.length > 0 &&
      `${
        capitalize(states.join(" and "))
      } trials stand at the value they reported last.`,
    values.some(Number.isNaN) && "Trials without a value stand on the axis.",
    atEdge(beyond + infinite),
    trials.length > mostMarks &&
      `Of each state at most ${mostMarks} trials have a mark, evenly from all.`,
  );
}

/** What the parallel coordinates leave out. */
export function parallelNote(
  { complete, parameters, study, objectives }: PageFacts,
): string {
  return join(
    study.trials.length > complete.length &&
      "Complete trials with finite values only.",
    parameters.length > mostAxes &&
      `The ${mostAxes} most important of ${parameters.length} parameters.`,
    complete.length > mostLines &&
      `${mostLines} of ${complete.length} trials: the best ${
        mostLines / 5
      }, the others evenly by rank.`,
    atEdge(objectives.reduce((sum, { extent }) => sum + extent.beyond, 0)),
    complete.some(({ params }) =>
      parameters.some((name) => !Object.hasOwn(params, name))
    ) && "A line breaks where a trial does not have a parameter.",
  );
}

/** How importance is measured, and of what it is not. */
export function importanceNote(
  { study, complete, shares }: PageFacts,
): string {
  const assessed = new Set(shares[0]!.map(({ name }) => name));
  const left = parameterNames(study).filter((name) => !assessed.has(name));
  return join(
    "The share of the variance that each parameter explains alone, by fANOVA over a random forest (complete trials only).",
    complete.length < 20 &&
      `With ${count(complete.length, "trial")}, take it as a hint.`,
    left.length > 0 &&
      `Not assessed, since not all complete trials have them with the same bounds: ${
        left.slice(0, 10).map((name) => shorten(name, 40)).join(", ")
      }${left.length > 10 ? ` and ${left.length - 10} more` : ""}.`,
    assessed.size > mostBars &&
      `The ${mostBars} most important of ${assessed.size} are drawn.`,
  );
}

/** What the pictures of single parameters show. */
export function slicesNote(
  { study, objectives, parameters, complete }: PageFacts,
): string {
  return join(
    "Complete trials; the later, the stronger the shade.",
    complete.length > mostDots &&
      `${mostDots} of ${complete.length}, evenly from all.`,
    study.directions.length > 1 &&
      `The value is ${shorten(objectives[0]!.name, 60)}.`,
    atEdge(objectives[0]!.extent.beyond),
    parameters.length > mostSlices &&
      `The ${mostSlices} most important of ${parameters.length} parameters.`,
  );
}

/** What the curves leave out. */
export function curvesNote(facts: PageFacts): string {
  const reported = reporting(facts).length;
  return join(
    "What trials reported at each step.",
    atEdge(curvesExtent(facts, facts.objectives[0]!).beyond),
    reported > mostCurves &&
      `Of ${count(reported, "trial")} that reported any, the best ${
        mostCurves / 2
      } and the latest have a curve, ${mostCurves} in all.`,
  );
}

/** What the table leaves out. */
export function tableNote(
  { study: { trials }, parameters }: PageFacts,
): string {
  return join(
    trials.length > mostRows &&
      `${mostRows} of ${trials.length} trials: the best and the latest.`,
    parameters.length > mostColumns &&
      `${mostColumns} of ${parameters.length} parameters, those that matter most.`,
  );
}

function join(...sentences: readonly (string | false)[]): string {
  return sentences.filter(Boolean).join(" ");
}

function atEdge(values: number): string | false {
  return values > 0 &&
    `At the edge: ${count(values, "value")} far off all others.`;
}

function capitalize(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
