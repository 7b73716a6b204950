import type { TrainingDevice } from "../trainer_options.ts";
import type { Communicator } from "./communicator.ts";

/** When ranks sum gradients. */
export interface GradientSums {
  /** Whether during the backward pass; otherwise after it. */
  readonly overlaps: boolean;
  /** Why, in words for a message. */
  readonly reason: string;
}

/**
 * Decides when ranks sum gradients. On one machine, sums during the backward
 * pass take the cores that compute it, and gradients must be copied; so they
 * wait. Over a network, the pass hides part of the transfer.
 *
 * @param device What computes; `webgpu` cannot be read during a backward pass.
 * @param communicator Connects the ranks.
 * @param overlap What a person wants; by default the faster one.
 *
 * @example
 * ```ts
 * import { gradientSumsOf, singleProcess } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const { overlaps } = gradientSumsOf({ name: "wasm" }, singleProcess);
 * assertEquals(overlaps, false);
 * ```
 */
export function gradientSumsOf(
  { name }: TrainingDevice,
  { isOneMachine }: Pick<Communicator, "isOneMachine">,
  overlap?: boolean,
): GradientSums {
  if (name === "webgpu") {
    return { overlaps: false, reason: `${name} cannot be read during it` };
  }
  if (overlap !== undefined) return { overlaps: overlap, reason: "as set" };
  return {
    overlaps: !isOneMachine,
    reason: isOneMachine
      ? "all ranks share one machine"
      : "ranks are on several machines",
  };
}
