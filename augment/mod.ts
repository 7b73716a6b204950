/**
 * Random changes to an image and its labels, together: flips, rotation by any
 * angle, region erasing, elastic deformation. Runs in a browser.
 *
 * @example
 * ```ts
 * import { transform } from "@unet/augment";
 * import type { Image, Labels } from "@unet/data";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const image: Image = {
 *   width: 64,
 *   height: 48,
 *   channels: 3,
 *   depth: 8,
 *   data: new Uint8Array(64 * 48 * 3).fill(90),
 * };
 * const labels: Labels = {
 *   width: 64,
 *   height: 48,
 *   data: new Uint32Array(64 * 48).fill(1),
 * };
 * const seed = 0, epoch = 4, sample = 17;
 * const once = transform(image, labels, createRandom(seed, epoch, sample));
 * const again = transform(image, labels, createRandom(seed, epoch, sample));
 * assertEquals(once, again);
 * ```
 *
 * @module
 */
export type { Image, Labels } from "@unet/data";
export type { Random } from "@unet/random";
export * from "./augmentations.ts";
export * from "./contact_sheet.ts";
export * from "./resolve_transform_options.ts";
export * from "./settings.ts";
export * from "./transform.ts";
