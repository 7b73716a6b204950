/**
 * From the predictions of each pixel to objects, touching ones separated, in
 * bounded memory while the rows of an image come in.
 *
 * {@linkcode findInstances} works on a whole image, {@linkcode InstanceFinder}
 * on bands of one; they find the same. Runs in a browser.
 *
 * @example
 * ```ts
 * import { findInstances, labelsOf } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const object = new Float32Array([0.9, 0.8, 0.1, 0.7]);
 * const image = { width: 4, height: 1, planes: { object } };
 * const instances = findInstances(image, { minimalArea: 1 });
 * assertEquals([...labelsOf(instances, 4, 1).data], [1, 1, 0, 2]);
 * ```
 *
 * @module
 */
export type { Labels } from "@unet/data";
export type { Band, Planes } from "../windows/band.ts";
export * from "./find_instances.ts";
export * from "./instance.ts";
export * from "./instance_finder.ts";
export * from "./instance_heads.ts";
export * from "./instance_options.ts";
export * from "./instances_in.ts";
export * from "./labels_of.ts";
export * from "./link_instances.ts";
export * from "./region_finder.ts";
export * from "./settle.ts";
export * from "./stack_numbers.ts";
