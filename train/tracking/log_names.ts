/**
 * The logs that a training can write, by name. Runs in a browser.
 *
 * @module
 */

/** The logs that a training can write besides `metrics.csv`. */
export const logNames = ["tensorboard", "json"] as const;

/** One of {@linkcode logNames}. */
export type LogName = typeof logNames[number];
