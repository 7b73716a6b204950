/**
 * Images and masks: found in a folder or a zip, read, checked, cached,
 * standardized, split and batched; and drawn, where there are none. Typed
 * arrays throughout, no tensors.
 *
 * The way of a dataset: {@linkcode openDataset} finds its cases,
 * {@linkcode checkDataset} tells what is wrong with them,
 * {@linkcode cacheDataset} decodes each once, and a loader cuts tiles from the
 * cache with {@linkcode readCachedWindow}.
 *
 * @example
 * ```ts
 * import { cacheDataset, checkDataset, openDataset, writeKaggle } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeKaggle([{
 *   id: "first",
 *   image: { width: 3, height: 1, channels: 1, depth: 8, data: new Uint8Array([200, 0, 90]) },
 *   labels: { width: 3, height: 1, data: new Uint32Array([1, 0, 2]) },
 * }], `${folder}/dataset`);
 *
 * const dataset = await openDataset(`${folder}/dataset`);
 * const report = await checkDataset(dataset);
 * assertEquals([report.images, report.nuclei, report.errors], [1, 2, 0]);
 *
 * const cases = await cacheDataset(dataset, { folder: `${folder}/cache` });
 * dataset.close();
 * assertEquals(cases.map(({ id, modality }) => ({ id, modality })), [
 *   { id: "first", modality: "brightfield" },
 * ]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export * from "./at_pixel_size.ts";
export * from "./axis_taps.ts";
export * from "./targets/border_weights.ts";
export * from "./cache.ts";
export * from "./cached_case.ts";
export * from "./case.ts";
export * from "./case_options.ts";
export * from "./check.ts";
export * from "./crop_image.ts";
export * from "./cropped.ts";
export * from "./dataset.ts";
export * from "./dataset_file.ts";
export * from "./decode_image.ts";
export * from "./encode_jpeg.ts";
export * from "./encode_png.ts";
export * from "./fault.ts";
export * from "./find_borders.ts";
export * from "./image_choice.ts";
export * from "./image_reader.ts";
export * from "./intensity_range_of.ts";
export * from "./targets/instance_borders.ts";
export * from "./targets/target.ts";
export * from "./label_components.ts";
export * from "./loader.ts";
export * from "./mask_options.ts";
export * from "./modality.ts";
export * from "./open_image.ts";
export * from "./opened_image.ts";
export * from "./read_case.ts";
export * from "./rescaled.ts";
export * from "./rgb8.ts";
export * from "./split.ts";
export * from "./squared_distances.ts";
export * from "./synthesize.ts";
export * from "./tiles.ts";
export * from "./types.ts";
export * from "./write_kaggle.ts";
