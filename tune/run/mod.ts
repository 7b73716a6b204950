/**
 * Runs the trials of a study: any number of workers over one journal, each with
 * a heartbeat, so that what a dead one left is queued again.
 *
 * @module
 */
export * from "./objective.ts";
export * from "./optimize.ts";
export * from "./queue_again.ts";
export * from "./started_trials.ts";
export * from "./trial_attributes.ts";
