/**
 * Finds images and masks in a folder or zip, reads, checks, caches and
 * normalizes them, and splits them into batches; without data, it draws some.
 * Typed arrays throughout, no tensors.
 *
 * The steps for a dataset: {@linkcode openDataset} finds its cases, {@linkcode
 * checkDataset} reports their problems, {@linkcode cacheDataset} decodes each
 * once, and a loader cuts tiles from the cache with {@linkcode
 * readCachedWindow}.
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
export * from "./images/at_pixel_size.ts";
export * from "./images/at_scale.ts";
export * from "./images/axis_taps.ts";
export * from "./targets/border_weights.ts";
export * from "./targets/center_directions.ts";
export * from "./targets/class_target.ts";
export * from "./targets/instance_class_target.ts";
export * from "./cache/cache.ts";
export * from "./cache/cached_case.ts";
export * from "./cache/object_diameters.ts";
export * from "./dataset/case.ts";
export * from "./dataset/case_options.ts";
export * from "./dataset/channel_names.ts";
export * from "./dataset/check.ts";
export * from "./images/channel_ranges_of.ts";
export * from "./images/channel_values.ts";
export * from "./images/crop_image.ts";
export * from "./images/cropped.ts";
export * from "./dataset/dataset.ts";
export * from "./dataset/dataset_file.ts";
export * from "./images/decode_image.ts";
export * from "./images/encode_jpeg.ts";
export * from "./images/encode_png.ts";
export * from "./dataset/fault.ts";
export type * from "./dataset/listing.ts";
export * from "./targets/find_borders.ts";
export * from "./images/image_choice.ts";
export * from "./images/image_reader.ts";
export * from "./images/intensities.ts";
export { intensityRangeOf } from "./images/intensity_range_of.ts";
export { slideRangeOf } from "./images/slide_range_of.ts";
export * from "./targets/instance_borders.ts";
export * from "./targets/ray_distances.ts";
export * from "./targets/target.ts";
export * from "./targets/touching_borders.ts";
export * from "./targets/unlabeled_as_background.ts";
export * from "./targets/label_components.ts";
export * from "./loader/loader.ts";
export * from "./masks/class_list.ts";
export * from "./dataset/find_classes.ts";
export { findNnUnet, type NnUnetDataset } from "./dataset/find_nn_unet.ts";
export * from "./dataset/object_classes.ts";
export * from "./dataset/replace_object_classes.ts";
export * from "./masks/mask_options.ts";
export * from "./masks/read_labels.ts";
export * from "./dataset/modality.ts";
export * from "./images/mirror_axis.ts";
export * from "./images/open_image.ts";
export * from "./images/open_stack.ts";
export * from "./images/opened_image.ts";
export * from "./dataset/read_case.ts";
export * from "./images/rescaled.ts";
export * from "./images/resize.ts";
export * from "./images/rgb8.ts";
export { unreadEndings } from "./images/unread_format.ts";
export * from "./dataset/split.ts";
export * from "./targets/squared_distances.ts";
export * from "./synthesize/synthesize.ts";
export * from "./loader/scaled_tile.ts";
export * from "./loader/scales.ts";
export * from "./loader/shown_diameters.ts";
export { quotasOf } from "./loader/tile_shares.ts";
export * from "./loader/tiles.ts";
export * from "./types.ts";
export * from "./dataset/write_kaggle.ts";
export { addZarrLabel } from "./zarr/add_zarr_label.ts";
export { listZarrImages, type ZarrImageName } from "./zarr/list_zarr_images.ts";
export { hashZarr, stampOfZarr, type ZarrStamp } from "./zarr/zarr_content.ts";
export {
  type FrameAxis,
  readZarrFrame,
  requireLabelHolder,
  type ZarrFrame,
} from "./zarr/zarr_frame.ts";
export {
  isZarrFolder,
  type ZarrPlace,
  zarrPlaceOf,
} from "./zarr/zarr_place.ts";
