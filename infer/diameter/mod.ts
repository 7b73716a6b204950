/**
 * How large the objects of an image are, and at which size a network is to see
 * it: measured by looking at parts of it, and brought to what the network
 * learned. Settings of instances follow.
 *
 * @example
 * ```ts
 * import { scaleOf } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const learned = { low: 5, median: 20, high: 80 };
 * assertEquals(scaleOf(160, learned), 0.25);
 * ```
 *
 * @module
 */
export type { Diameters } from "@unet/data";
export * from "./choose_parts.ts";
export * from "./diameter_settings.ts";
export * from "./image_scale.ts";
export * from "./judge_looks.ts";
export * from "./measure_diameter.ts";
export * from "./scale_of.ts";
export * from "./scaled_instances.ts";
export * from "./take_look.ts";
