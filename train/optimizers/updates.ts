import type * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import { checkSetting } from "./check_setting.ts";
import type { LearningRate } from "../schedules/scheduler.ts";

/** A parameter with its gradient. */
export interface Update {
  /** The parameter's name. */
  readonly name: string;
  /** The parameter. */
  readonly parameter: tf.Variable;
  /** Its gradient, of the same shape. */
  readonly gradient: tf.Tensor;
}

/**
 * Pairs gradients with their parameters. All is checked before anything
 * changes, so that a mistake leaves no model half stepped.
 */
export function pairUpdates(
  parameters: ReadonlyMap<string, tf.Variable>,
  gradients: ReadonlyMap<string, tf.Tensor>,
  { learningRate, momentum = 0 }: LearningRate,
): Update[] {
  checkSetting(
    ["optimizer", "learningRate", learningRate],
    learningRate >= 0 && learningRate < Infinity,
    "a number from 0",
  );
  checkSetting(
    ["optimizer", "momentum", momentum],
    momentum >= 0 && momentum < 1,
    "a number from 0, below 1",
  );
  return [...gradients].map(([name, gradient]) => {
    const parameter = parameters.get(name);
    if (parameter && `${parameter.shape}` === `${gradient.shape}`) {
      return { name, parameter, gradient };
    }
    throw new TypeError(
      cannot("step along", "gradient", name, {
        found: parameter
          ? `shape [${gradient.shape.join(", ")}]`
          : "no parameter of that name",
        expected: parameter
          ? `[${parameter.shape.join(", ")}], as the parameter's`
          : "one for each gradient",
      }),
    );
  });
}
