import { count as counted } from "@unet/errors";
import type { StackAxis } from "../instances/instance.ts";

/** How many planes, or time points, a file holds. */
export interface StackShape {
  /** Whether they are planes of one volume or time points of one series. */
  readonly axis: StackAxis;
  /** How many there are, at least 1. */
  readonly count: number;
}

/**
 * The planes of a stack in words.
 *
 * @param stack The stack.
 * @returns As in "5 planes" or "1 time point".
 *
 * @example
 * ```ts
 * import { wordStack } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wordStack({ axis: "time", count: 2 }), "2 time points");
 * ```
 */
export function wordStack({ axis, count }: StackShape): string {
  return counted(count, axis === "plane" ? "plane" : "time point");
}

/**
 * What an object's part in one plane or time point is called.
 *
 * @param axis What the stack is made of.
 * @returns The word, in the singular.
 *
 * @example
 * ```ts
 * import { sectionOf } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sectionOf("plane"), "section");
 * ```
 */
export function sectionOf(axis: StackAxis): string {
  return axis === "plane" ? "section" : "detection";
}
