import { count } from "@unet/errors";
import type { Study, Trial } from "../study.ts";
import { bestTrials } from "./best_trials.ts";
import { formatChoice, formatNumber, shorten } from "./_format.ts";
import { objectiveNames } from "./_objective_names.ts";
import { parameterNames } from "./_parameter_names.ts";
import { timeOf, valuesOf } from "./_trial_values.ts";

/** Options of {@linkcode studyTable}. */
export interface StudyTableOptions {
  /** How many trials to show, the last ones and the best; all by default. */
  readonly most?: number;
}

/**
 * Makes the rows of a table of trials for a terminal: number, a mark at the
 * best, state, values, parameters and time. Names and values are on one line,
 * without control characters.
 *
 * @param study Any study.
 * @param options How many trials.
 * @returns The cells; the first row is the header. A trial without a value or
 * a parameter has an empty cell there.
 *
 * @example
 * ```ts
 * import { studyTable } from "@unet/tune/report";
 * import { assertEquals } from "@std/assert";
 *
 * const study = {
 *   ...{ id: 0, name: "a", directions: ["maximize" as const], trials: [] },
 *   ...{ userAttributes: {}, systemAttributes: {} },
 * };
 * assertEquals(studyTable(study), [["Trial", "", "State", "Value", "Time"]]);
 * ```
 */
export function studyTable(
  study: Study,
  options: StudyTableOptions = {},
): string[][] {
  const best = new Set(bestTrials(study));
  const { most = Infinity } = options;
  const from = Math.max(0, study.trials.length - most);
  // The best ones stay in sight, however long ago they were.
  const shown = study.trials.filter((trial, at) =>
    at >= from || best.has(trial)
  );
  const parameters = parameterNames(study);
  return [
    [
      ...["Trial", "", "State"],
      ...objectiveNames(study).map((name) => shorten(name, 20)),
      ...parameters.map((name) => shorten(name, 20)),
      "Time",
    ],
    ...shown.map((trial) => [
      String(trial.number),
      best.has(trial) ? "*" : "",
      trial.state,
      ...study.directions.map((_, i) => {
        const value = valuesOf(trial)[i];
        return value === undefined ? "" : formatNumber(value);
      }),
      ...parameters.map((name) =>
        Object.hasOwn(trial.params, name)
          ? formatChoice(trial.params[name]!)
          : ""
      ),
      timeOf(trial),
    ]),
  ];
}

/**
 * Describes a trial in one line, for output that is no terminal.
 *
 * @param study The study, to see whether the trial is the best.
 * @param trial One of its trials.
 * @returns Such as `trial 7 complete: 0.91, best so far, in 4 min 5 s
 * (rate 0.4, batch 16)`.
 *
 * @example
 * ```ts
 * import { describeTrial } from "@unet/tune/report";
 * import { assertEquals } from "@std/assert";
 *
 * const trial = {
 *   ...{ id: 0, number: 3, state: "failed" as const, values: null },
 *   ...{ params: { batch: 16 }, distributions: {} },
 *   ...{ userAttributes: {}, systemAttributes: {} },
 *   ...{ intermediateValues: new Map(), started: null, completed: null },
 * };
 * const study = {
 *   ...{ id: 0, name: "a", directions: ["maximize" as const] },
 *   ...{ userAttributes: {}, systemAttributes: {}, trials: [trial] },
 * };
 * assertEquals(describeTrial(study, trial), "trial 3 failed (batch 16)");
 * ```
 */
export function describeTrial(study: Study, trial: Trial): string {
  const values = valuesOf(trial).map((value) => formatNumber(value));
  const isBest = bestTrials(study).some(({ id }) => id === trial.id);
  const parameters = Object.entries(trial.params)
    .map(([name, value]) => `${shorten(name, 40)} ${formatChoice(value)}`);
  const time = timeOf(trial);
  return [
    `trial ${trial.number} ${trial.state}`,
    values.length > 0 ? `: ${values.join(", ")}` : "",
    isBest
      ? study.directions.length > 1 ? ", not beaten so far" : ", best so far"
      : "",
    time ? `, in ${time}` : "",
    parameters.length > 0 ? ` (${parameters.join(", ")})` : "",
  ].join("");
}

/**
 * Sums up a study in one line.
 *
 * @param study Any study.
 * @returns Such as `20 trials: 12 complete, 7 pruned, 1 failed; best 0.91
 * (trial 7)`.
 *
 * @example
 * ```ts
 * import { describeStudy } from "@unet/tune/report";
 * import { assertEquals } from "@std/assert";
 *
 * const study = {
 *   ...{ id: 0, name: "a", directions: ["maximize" as const], trials: [] },
 *   ...{ userAttributes: {}, systemAttributes: {} },
 * };
 * assertEquals(describeStudy(study), "no trials");
 * ```
 */
export function describeStudy(study: Study): string {
  const { trials } = study;
  if (trials.length === 0) return "no trials";
  const counts = countStates(trials).map(([state, count]) =>
    `${count} ${state}`
  );
  const best = bestTrials(study);
  const [first] = best;
  const found = !first
    ? "no value yet"
    : study.directions.length > 1
    ? `${best.length} not beaten by any other`
    : `best ${formatNumber(first.values![0]!)} (trial ${first.number})`;
  return `${count(trials.length, "trial")}: ${counts.join(", ")}; ${found}`;
}

/** How many trials stand where; states without any are left out. */
export function countStates(
  trials: readonly Trial[],
): [state: Trial["state"], count: number][] {
  const states = [
    "complete",
    "pruned",
    "failed",
    "running",
    "waiting",
  ] as const;
  return states.map((state): [Trial["state"], number] => [
    state,
    trials.filter((trial) => trial.state === state).length,
  ]).filter(([, count]) => count > 0);
}
