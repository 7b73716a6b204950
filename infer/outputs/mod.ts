/**
 * What comes out of a segmentation, written as it comes, in bounded memory:
 * masks, labels, probabilities and overlays as TIFF and PNG, objects as GeoJSON
 * for QuPath, ROIs for ImageJ and a table, and a page that sums up a batch.
 *
 * Every writer makes its file under a temporary name beside its place. It
 * appears, whole, with `finish()`; `abort()`, or leaving the block of an
 * `await using`, removes it.
 *
 * @example
 * ```ts
 * import { LabelPainter, LabelTiff, RoiZip } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const painter = new LabelPainter(4, 2);
 * await using tiff = await LabelTiff.open(`${folder}/labels.tif`, {
 *   width: 4,
 *   height: 2,
 * });
 * await using rois = await RoiZip.open(`${folder}/rois.zip`);
 *
 * // For each band of rows that the objects come from:
 * const instances = [{
 *   label: 1,
 *   x: 1,
 *   y: 0,
 *   width: 2,
 *   height: 2,
 *   mask: new Uint8Array([1, 1, 0, 1]),
 *   probability: 0.8,
 * }];
 * for (const rows of painter.add({ instances, rows: 2 })) {
 *   await tiff.writeRows(rows);
 * }
 * await rois.add(instances);
 *
 * await tiff.finish();
 * await rois.finish();
 * assertEquals(
 *   [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
 *   ["labels.tif", "rois.zip"],
 * );
 * ```
 *
 * @module
 */
export type { Image } from "@unet/data";
export type { Instance, InstanceBand } from "../instances/instance.ts";
export * from "./batch_table.ts";
export * from "./class_areas.ts";
export * from "./class_color.ts";
export * from "./class_counts.ts";
export * from "./class_numbers.ts";
export type { ConvertedTiff, PlaneTiffOptions } from "./converted_tiff.ts";
export * from "./draw_legend.ts";
export * from "./encode_roi.ts";
export * from "./encode_runs.ts";
export * from "./image_tiff.ts";
export * from "./instance_coco.ts";
export * from "./instance_geojson.ts";
export * from "./label_color.ts";
export * from "./label_painter.ts";
export * from "./label_tiff.ts";
export * from "./label_zarr.ts";
export * from "./measure_instance.ts";
export * from "./measurement_columns.ts";
export * from "./measurement_csv.ts";
export * from "./overlay_rows.ts";
export type { PixelSize } from "@unet/data";
export * from "./png_writer.ts";
export * from "./probability_tiff.ts";
export * from "./roi_zip.ts";
export * from "./simplify_ring.ts";
export * from "./size_class.ts";
export * from "./stack_shape.ts";
export type * from "./summary_row.ts";
export * from "./thumbnail.ts";
export * from "./tiff_writer.ts";
export * from "./trace_outline.ts";
export type { Values } from "./values.ts";
export * from "./write_summary.ts";
