import type { Head, Input, Task } from "./task.ts";

/** Color images: red, green and blue, dark ones stretched. */
export const colorInput: Input = {
  channels: ["red", "green", "blue"].map((name) => ({ name })),
  normalization: "stretch-dark",
};

/** What {@linkcode objectTask} learns, and how. */
export interface ObjectTaskOptions {
  /** The loss function of the object head; "bce" by default. */
  readonly loss?: string;
  /**
   * Adds a border head, which separates touching objects; its loss counts so
   * much beside the object head's. No border head by default.
   */
  readonly borderWeight?: number;
  /**
   * Adds a head "classes" with a class for each object, the background first;
   * its loss is `ce+dice`. None by default.
   */
  readonly classes?: readonly string[];
  /** How much each class counts in the loss, in their order; 1 by default. */
  readonly classWeights?: readonly number[];
  /** What comes in: color, or chosen channels; color by default. */
  readonly input?: Input;
}

/**
 * The task of the report: objects of one kind, in color images by default,
 * and if wanted their borders.
 *
 * @param options The loss function, how much a border head counts, the input.
 * @returns The task: channels red, green and blue by default; a head "object"
 * and perhaps a head "border", of one channel each, and perhaps a head
 * "classes" with a channel per class.
 *
 * @example
 * ```ts
 * import { objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const { heads } = objectTask({ borderWeight: 0.1 });
 * assertEquals(heads.map(({ name }) => name), ["object", "border"]);
 * ```
 */
export function objectTask(
  { loss = "bce", borderWeight, classes, classWeights, input = colorInput }:
    ObjectTaskOptions = {},
): Task {
  const object: Head = {
    name: "object",
    channels: 1,
    activation: "sigmoid",
    target: "object",
    loss,
    weight: 1,
  };
  const border: Head = {
    name: "border",
    channels: 1,
    activation: "sigmoid",
    target: "border",
    loss: "border",
    weight: borderWeight ?? 0,
  };
  const kinds: Head[] = classes
    ? [{
      name: "classes",
      channels: classes.length,
      activation: "softmax",
      target: "object-classes",
      loss: "ce+dice",
      weight: 1,
      classes: [...classes],
      ...(classWeights && { classWeights: [...classWeights] }),
    }]
    : [];
  return {
    input,
    heads: [object, ...borderWeight === undefined ? [] : [border], ...kinds],
  };
}

/**
 * Whether a task has a border head beside the object head.
 *
 * @param task The task.
 * @returns Whether it separates touching objects by their borders.
 *
 * @example
 * ```ts
 * import { hasBorders, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hasBorders(objectTask()), false);
 * assertEquals(hasBorders(objectTask({ borderWeight: 0.1 })), true);
 * ```
 */
export function hasBorders({ heads }: Pick<Task, "heads">): boolean {
  return heads.some(({ name }) => name === "border");
}
