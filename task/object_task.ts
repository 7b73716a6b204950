import type { Head, Input, Task } from "./task.ts";

/** Color images: red, green and blue, dark ones stretched. */
export const colorInput: Input = {
  channels: ["red", "green", "blue"].map((name) => ({ name })),
  normalization: "stretch-dark",
};

/** Color images, each spread between two percentiles of its values. */
export const colorPercentilesInput: Input = {
  ...colorInput,
  normalization: "color-percentiles",
};

/**
 * The heads by which touching objects may be separated, besides the border
 * head: `touching`, borders where two objects meet, and no others;
 * `directions`, where a pixel lies in its object, across and down; `distances`,
 * how far it is to the object's edge along 32 rays.
 */
export const instanceHeads = ["touching", "directions", "distances"] as const;

/** One of {@linkcode instanceHeads}. */
export type InstanceHeadName = typeof instanceHeads[number];

/** Those heads, their losses weighing what each was found to bear. */
const headsByName: Readonly<Record<InstanceHeadName, Head>> = {
  touching: {
    ...{ name: "touching", channels: 1, activation: "sigmoid" },
    ...{ target: "touching", loss: "border", weight: 0.1 },
  },
  directions: {
    ...{ name: "directions", channels: 2, activation: "none" },
    ...{ target: "directions", loss: "directions", weight: 0.5 },
  },
  distances: {
    ...{ name: "distances", channels: 32, activation: "none" },
    ...{ target: "distances", loss: "distances", weight: 0.2 },
  },
};

/** Options of {@linkcode objectTask}. */
export interface ObjectTaskOptions {
  /** The loss function of the object head; "bce" by default. */
  readonly loss?: string;
  /**
   * Adds a border head, which separates touching objects; its loss counts so
   * much beside the object head's. No border head by default.
   */
  readonly borderWeight?: number;
  /**
   * Further heads by which touching objects may be separated, in the order of
   * {@linkcode instanceHeads}; none by default.
   */
  readonly instanceHeads?: readonly InstanceHeadName[];
  /**
   * The classes of objects, the background first: adds a head "classes", which
   * gives each object its class. None by default.
   */
  readonly classes?: readonly string[];
  /** The loss function of that head; "ce" by default. */
  readonly classLoss?: string;
  /** How much its loss counts beside the object head's; 1 by default. */
  readonly classWeight?: number;
  /** How much each class counts in its loss, in their order; alike by default. */
  readonly classWeights?: readonly number[];
  /** What comes in: color, or chosen channels; color by default. */
  readonly input?: Input;
}

/**
 * The task of the report: objects, in color images by default, and if wanted
 * their borders and their classes.
 *
 * @param options The loss function, how much a border head counts, the classes,
 * the input.
 * @returns The task: channels red, green and blue by default; a head "object",
 * perhaps a head "border", of one channel each, the further heads, and perhaps a head "classes"
 * with a channel per class under one softmax.
 *
 * @example
 * ```ts
 * import { objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const { heads } = objectTask({
 *   borderWeight: 0.1,
 *   classes: ["background", "tumor", "lymphocyte"],
 * });
 * assertEquals(heads.map(({ name }) => name), ["object", "border", "classes"]);
 * ```
 */
export function objectTask(options: ObjectTaskOptions = {}): Task {
  const { loss = "bce", borderWeight, input = colorInput } = options;
  const further = options.instanceHeads ?? [];
  const one = { channels: 1, activation: "sigmoid" } as const;
  const object: Head = {
    ...{ name: "object", ...one, target: "object", loss, weight: 1 },
  };
  const border: Head = {
    ...{ name: "border", ...one, target: "border", loss: "border" },
    weight: borderWeight ?? 0,
  };
  return {
    input,
    heads: [
      object,
      ...(borderWeight === undefined ? [] : [border]),
      ...instanceHeads.filter((name) => further.includes(name))
        .map((name) => headsByName[name]),
      ...classHead(options),
    ],
  };
}

/** The head that gives objects their classes, where there are some. */
function classHead(
  { classes, classLoss = "ce", classWeight = 1, classWeights }:
    ObjectTaskOptions,
): Head[] {
  if (classes === undefined) return [];
  return [{
    ...{ name: "classes", channels: classes.length, activation: "softmax" },
    ...{ target: "instance-classes", loss: classLoss, weight: classWeight },
    classes: [...classes],
    ...(classWeights && { classWeights: [...classWeights] }),
  }];
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

/**
 * The further heads of a task by which touching objects may be separated.
 *
 * @param task The task.
 * @returns Their names, in the order of {@linkcode instanceHeads}.
 *
 * @example
 * ```ts
 * import { instanceHeadsOf, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const task = objectTask({ borderWeight: 0.1, instanceHeads: ["directions"] });
 * assertEquals(instanceHeadsOf(task), ["directions"]);
 * ```
 */
export function instanceHeadsOf(
  { heads }: Pick<Task, "heads">,
): InstanceHeadName[] {
  return instanceHeads.filter((wanted) =>
    heads.some(({ name }) => name === wanted)
  );
}
