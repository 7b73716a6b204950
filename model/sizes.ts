import {
  describeRule,
  fitTo,
  type SizeRule,
  sizeRuleOf,
} from "./graph/size_rule.ts";
import { graphOf } from "./networks/graph_of.ts";
import { completePlan, type ModelPlan } from "./plan.ts";

/** The parts of a plan that decide valid sizes. */
export type SizePlan = Pick<ModelPlan, "network" | "padding">;

/**
 * Which heights and widths a network takes. With padding, each pooling must
 * find an even number: multiples of 32 for VGG-16's five, of 16 for the
 * Paper's four. Without it, two convolutions before each pooling take four
 * pixels off, so that sizes are multiples of 16 and 12 more; and from 188 on
 * there is something left in the end.
 *
 * @param plan The network.
 * @returns The rule.
 *
 * @example
 * ```ts
 * import { completePlan, sizeRule } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const { multiple, extra } = sizeRule(completePlan({ network: "unet" }));
 * assertEquals(572 % multiple, extra);
 * ```
 */
export function sizeRule({ network, padding }: SizePlan): SizeRule {
  return sizeRuleOf(graphOf(completePlan({ network, padding })));
}

/**
 * Pixels on each side of an input that its output lacks. Without padding, a
 * convolution takes one pixel off each side, at its own resolution: four each
 * at 1, 2, 4 and 8 pixels, down and up, but two of them once at 16.
 *
 * @param plan The network.
 * @returns 92 without padding, as 572 gives 388; 0 with it.
 *
 * @example
 * ```ts
 * import { completePlan, marginOf } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const margin = marginOf(completePlan({ network: "unet" }));
 * assertEquals(572 - 2 * margin, 388);
 * ```
 */
export function marginOf(plan: SizePlan): number {
  return sizeRule(plan).margin;
}

/**
 * The smallest height or width, from one on, that a network takes.
 *
 * @param plan The network.
 * @param size Pixels that there are.
 * @returns The same where it takes them, else the next larger one.
 *
 * @example
 * ```ts
 * import { completePlan, fitInputSize } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fitInputSize(completePlan(), 250), 256);
 * assertEquals(fitInputSize(completePlan({ network: "unet" }), 560), 572);
 * ```
 */
export function fitInputSize(plan: SizePlan, size: number): number {
  return fitTo(sizeRule(plan), size);
}

/**
 * The smallest height or width, from one on, that a network gives.
 *
 * @param plan The network.
 * @param size Pixels that are wanted.
 * @returns The same where it gives them, else the next larger one.
 *
 * @example
 * ```ts
 * import { completePlan, fitOutputSize } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fitOutputSize(completePlan({ network: "unet" }), 256), 260);
 * ```
 */
export function fitOutputSize(plan: SizePlan, size: number): number {
  const rule = sizeRule(plan), lost = 2 * rule.margin;
  return fitTo(rule, size + lost) - lost;
}

/** The rule in words, for messages. */
export function describeSizes(plan: SizePlan): string {
  return describeRule(sizeRule(plan));
}
