/**
 * What came of a study: which parameters matter, a page with charts, rows for
 * a terminal. Works on any study, Optuna's own included.
 *
 * @example
 * ```ts
 * import { describeStudy, studyTable } from "@unet/tune/report";
 * import { assertEquals } from "@std/assert";
 *
 * const study = {
 *   ...{ id: 0, name: "a", directions: ["maximize" as const], trials: [] },
 *   ...{ userAttributes: {}, systemAttributes: {} },
 * };
 * assertEquals(describeStudy(study), "no trials");
 * assertEquals(studyTable(study).length, 1);
 * ```
 *
 * @module
 */
export type {
  CategoricalDistribution,
  Choice,
  Distribution,
  FloatDistribution,
  IntDistribution,
} from "../distribution.ts";
export type { Direction, Study, Trial, TrialState } from "../study.ts";
export * from "./best_trials.ts";
export * from "./draw_study_page.ts";
export * from "./importances.ts";
export * from "./study_table.ts";
