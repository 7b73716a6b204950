/**
 * The names under which a worker notes things about its trials. The first two
 * are Optuna's; a trial of Optuna's own has no heartbeat, and is never taken
 * for dead.
 */
export const trialAttributes = {
  /** System attribute: the number of the first trial of these parameters. */
  failedTrial: "failed_trial",
  /** System attribute: the trials of these parameters so far, as numbers. */
  retryHistory: "retry_history",
  /** System attribute: parameters that a person queued, by name. */
  fixedParams: "fixed_params",
  /** System attribute: when the worker was last alive, as ISO 8601. */
  heartbeat: "heartbeat",
  /** System attribute: the worker's name. */
  worker: "worker",
  /** User attribute: why a trial failed. */
  error: "error",
} as const;
