/** A value that a person can choose from a list. */
export type Choice = null | boolean | number | string;

/** A real number between two bounds, both included. */
export interface FloatDistribution {
  /** Distinguishes the kinds. */
  readonly kind: "float";
  /** The least value. */
  readonly low: number;
  /** The greatest value. */
  readonly high: number;
  /** Whether it is drawn evenly on a logarithmic scale; not with a step. */
  readonly log: boolean;
  /** Distance of the values that count from `low` on, or null for any. */
  readonly step: number | null;
}

/** A whole number between two bounds, both included. */
export interface IntDistribution {
  /** Distinguishes the kinds. */
  readonly kind: "int";
  /** The least value. */
  readonly low: number;
  /** The greatest value. */
  readonly high: number;
  /** Whether it is drawn evenly on a logarithmic scale; the step is 1 then. */
  readonly log: boolean;
  /** Distance of the values that count from `low` on, from 1. */
  readonly step: number;
}

/** One of a list, without order. */
export interface CategoricalDistribution {
  /** Distinguishes the kinds. */
  readonly kind: "categorical";
  /** What there is to choose from, in the order in which files number it. */
  readonly choices: readonly Choice[];
}

/** Where a parameter's values come from; Optuna's three distributions. */
export type Distribution =
  | FloatDistribution
  | IntDistribution
  | CategoricalDistribution;

/** The parameters of a study by name. */
export type Space = Readonly<Record<string, Distribution>>;
