import { colorInput } from "./object_task.ts";
import type { Input, Task } from "./task.ts";

/** Options of {@linkcode classTask}. */
export interface ClassTaskOptions {
  /** The names of the classes, the background first; two or more. */
  readonly classes: readonly string[];
  /** The loss function; "ce+dice" by default. */
  readonly loss?: string;
  /** How much each class counts in the loss, in their order; 1 by default. */
  readonly classWeights?: readonly number[];
  /** What comes in: color, or chosen channels; color by default. */
  readonly input?: Input;
}

/**
 * The task of giving each pixel one of several classes, in color images by default.
 *
 * @param options The classes, the loss function, and the input.
 * @returns The task: channels red, green and blue by default; a head "classes" with a
 * channel per class under one softmax.
 *
 * @example
 * ```ts
 * import { classTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const [head] = classTask({ classes: ["background", "axon"] }).heads;
 * assertEquals([head!.name, head!.channels], ["classes", 2]);
 * ```
 */
export function classTask(
  { classes, loss = "ce+dice", classWeights, input = colorInput }:
    ClassTaskOptions,
): Task {
  return {
    input,
    heads: [{
      name: "classes",
      channels: classes.length,
      activation: "softmax",
      target: "classes",
      loss,
      weight: 1,
      classes: [...classes],
      ...(classWeights && { classWeights: [...classWeights] }),
    }],
  };
}
