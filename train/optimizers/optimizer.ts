import type * as tf from "@tensorflow/tfjs-core";
import type { LearningRate } from "../schedules/scheduler.ts";

/**
 * Changes parameters along their gradients, and remembers what its rule needs
 * from step to step.
 */
export interface Optimizer {
  /** The name of its rule, as in "sgd". */
  readonly name: string;
  /** Every setting of the rule, defaults filled in; JSON values. */
  readonly settings: Readonly<Record<string, number | boolean>>;
  /**
   * Changes in place each parameter that has a gradient; those without one,
   * such as frozen ones, stay, and so does what is remembered of them.
   *
   * @param parameters The parameters by name.
   * @param gradients Gradients by the names of their parameters, of the same
   * shapes. The caller keeps and disposes them.
   * @param rate The learning rate of this step, and the momentum if a
   * scheduler cycles it.
   * @throws {TypeError} If a gradient has no parameter or another shape.
   * @throws {RangeError} If the rate is negative or not finite.
   * @throws {TrainingError} If the restored state is of other parameters.
   */
  step(
    parameters: ReadonlyMap<string, tf.Variable>,
    gradients: ReadonlyMap<string, tf.Tensor>,
    rate: LearningRate,
  ): void;
  /**
   * What it remembers, complete, as tensors named `<slot>/<parameter>`, such as
   * `momentum/head.weight`. They belong to the optimizer and last until its
   * next step, restoration or disposal.
   */
  state(): ReadonlyMap<string, tf.Tensor>;
  /**
   * Continues where `state()` was taken, bit for bit on the same device.
   *
   * @param state What `state()` returned. It is copied, and the caller keeps
   * and disposes it.
   * @throws {TrainingError} If the state is that of another rule.
   */
  restore(state: ReadonlyMap<string, tf.Tensor>): void;
  /** Frees what it remembers; it can start anew. */
  dispose(): void;
}
