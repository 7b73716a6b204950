import type { MaskClass } from "@unet/data";

/**
 * Says which number outputs give each class, where masks give one another, as
 * where their numbers have gaps.
 *
 * @param classes The classes, the background first.
 * @returns A line; none where the numbers are the same, or colors.
 *
 * @example
 * ```ts
 * import { describeClassNumbers } from "./describe_class_numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const classes = [{ name: "ground", value: 0 }, { name: "axon", value: 3 }];
 * assertEquals(describeClassNumbers(classes), [
 *   "Numbers in outputs: ground 0, axon 1 (3 in masks)",
 * ]);
 * ```
 */
export function describeClassNumbers(classes: readonly MaskClass[]): string[] {
  const isOther = ({ value }: MaskClass, at: number): boolean =>
    typeof value === "number" && value !== at;
  if (!classes.some(isOther)) return [];
  const numbers = classes.map((one, at) =>
    `${one.name} ${at}` + (isOther(one, at) ? ` (${one.value} in masks)` : "")
  );
  return [`Numbers in outputs: ${numbers.join(", ")}`];
}
