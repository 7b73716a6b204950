/** The values that a scheduler sets for one optimizer step. */
export interface LearningRate {
  /** How far along its direction a parameter moves, from 0. */
  readonly learningRate: number;
  /**
   * The momentum of SGD or the first beta of Adam, where the scheduler cycles
   * it; the optimizer's own otherwise.
   */
  readonly momentum?: number;
}

/**
 * Gives the learning rate of each step: a pure function of the step, so that
 * there is nothing to save and resume.
 */
export interface Scheduler {
  /** The name of its rule, as in "cyclic". */
  readonly name: string;
  /** Every setting of the rule, defaults filled in; JSON values. */
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  /**
   * The rate for the next step.
   *
   * @param step Optimizer steps done, from 0.
   * @param stepsPerEpoch Steps of an epoch, from 1.
   * @returns The learning rate, and the momentum if it is cycled.
   * @throws {RangeError} If either is not such a number.
   */
  at(step: number, stepsPerEpoch: number): LearningRate;
}
