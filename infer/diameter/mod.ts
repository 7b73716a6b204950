/**
 * Brings images to the size of objects that a network learned, and settings of
 * instances back to the image's own pixels.
 *
 * @example
 * ```ts
 * import { scaleOf } from "@unet/infer/diameter";
 * import { assertEquals } from "@std/assert";
 *
 * const learned = { low: 8, median: 20, high: 40 };
 * assertEquals(scaleOf(80, learned), 0.25);
 * ```
 *
 * @module
 */
export type { Diameters } from "@unet/data";
export * from "./diameter_settings.ts";
export * from "./scale_of.ts";
export * from "./scaled_instances.ts";
