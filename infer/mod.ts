/**
 * Runs a network over images of any size: tiles with context, masks,
 * overlays, and whole folders of files.
 *
 * A network is any {@linkcode Predict}; {@linkcode predictorOf} makes one of a
 * model. {@linkcode segment} works on files, {@linkcode segmentImage} on an
 * image in memory.
 *
 * @example
 * ```ts
 * import { drawOverlay, type Predict, segmentImage, toMask } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const image = {
 *   width: 2,
 *   height: 1,
 *   channels: 1,
 *   depth: 8,
 *   data: new Uint8Array([250, 10]),
 * } as const;
 *
 * // The red channel is the probability.
 * const predict: Predict = (x) =>
 *   Promise.resolve(x.filter((_, index) => index % 3 === 0));
 *
 * const mask = toMask(await segmentImage(image, predict));
 * assertEquals(mask.data, new Uint8Array([255, 0]));
 * assertEquals(drawOverlay(image, mask).channels, 3);
 * ```
 *
 * @module
 */
export type { Image } from "@unet/data";
export type { WrittenTable } from "./batch/write_table.ts";
export type { BatchTable } from "./outputs/batch_table.ts";
export type { SourceOptions } from "./segment/open_source.ts";
export * from "./outputs/draw_class_comparison.ts";
export * from "./outputs/draw_comparison.ts";
export * from "./outputs/draw_overlay.ts";
export type { CustomFormats } from "./formats/custom_formats.ts";
export type {
  AnyFormat,
  Format,
  MeasuredInstances,
  OutputImage,
  OutputStyle,
  Part,
  Parts,
  PartWriter,
} from "./formats/format.ts";
export { toPartWriter } from "./formats/to_part_writer.ts";
export * from "./windows/band.ts";
export * from "./windows/band_store.ts";
export * from "./windows/class_head.ts";
export * from "./windows/frame_bands.ts";
export * from "./windows/image_reader_of.ts";
export * from "./windows/join_bands.ts";
export * from "./windows/pixel_source.ts";
export {
  checkFormats,
  describeFormat,
  endingOfOutput,
  isInstanceFormat,
  type OutputFormat,
  outputFormats,
  type PlannedFormat,
} from "./formats/formats.ts";
export * from "./windows/predict.ts";
export * from "./windows/scale_bands.ts";
export * from "./segment/segment.ts";
export { checkStack } from "./segment/stack_settings.ts";
export type * from "./segment/segment_options.ts";
export type * from "./segment/segment_report.ts";
export * from "./windows/segment_bands.ts";
export * from "./windows/segment_image.ts";
export * from "./windows/to_class_map.ts";
export * from "./windows/to_mask.ts";
export * from "./windows/window_plan.ts";
export * from "./windows/with_flips.ts";
