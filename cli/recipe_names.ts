/** The optimizers that a person can name. */
export const optimizerNames = ["sgd", "adam", "adamw"] as const;

/** The learning rate schedules that a person can name. */
export const schedulerNames = [
  "warm-restarts",
  "cyclic",
  "cosine",
  "constant",
] as const;
