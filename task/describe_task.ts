import type { Task } from "./task.ts";

/**
 * Describes a task to a person.
 *
 * @param task The task.
 * @returns A line for the input and a line per head.
 *
 * @example
 * ```ts
 * import { describeTask, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(describeTask(objectTask()), [
 *   "Input: red, green, blue; normalization stretch-dark",
 *   "Head object: 1 channel, sigmoid; target object, loss bce",
 * ]);
 * ```
 */
export function describeTask({ input, heads }: Task): string[] {
  const channels = input.channels.map(({ name }) => name).join(", ");
  return [
    `Input: ${channels}; normalization ${input.normalization}`,
    ...heads.map(({ name, channels, activation, target, loss, ...rest }) => {
      const { weight, classes, classWeights } = rest;
      const width = channels === 1 ? "1 channel" : `${channels} channels`;
      const names = classes ? ` (${classes.join(", ")})` : "";
      const share = weight === 1 ? "" : `, weight ${weight}`;
      const shares = classWeights
        ? `, class weights ${classWeights.join(", ")}`
        : "";
      return `Head ${name}: ${width}${names}, ${activation}; ` +
        `target ${target}, loss ${loss}${share}${shares}`;
    }),
  ];
}
