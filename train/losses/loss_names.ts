/**
 * The names of the losses, without what computes them. Runs in a browser.
 *
 * @module
 */

/** The losses that `lossByName()` knows, for help texts and studies. */
export const lossNames = ["bce", "dice", "bce+dice", "weighted-bce"] as const;

/** One of {@linkcode lossNames}. */
export type LossName = typeof lossNames[number];

/** The losses of classes that `classLossByName()` knows. */
export const classLossNames = ["ce", "dice", "ce+dice", "focal"] as const;

/** One of {@linkcode classLossNames}. */
export type ClassLossName = typeof classLossNames[number];
