/** How much classes count. */
export interface ClassWeightOptions {
  /** The weight of each class, 0 or more, in the classes' order; 1 by default. */
  readonly classWeights?: readonly number[];
}
