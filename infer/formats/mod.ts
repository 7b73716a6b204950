/**
 * The names of what can be written of an image, what each holds, and what a
 * format of your own is made of.
 *
 * @module
 */
export type { PixelSize } from "@unet/data";
export type { Instance } from "../instances/instance.ts";
export type { ClassArea } from "../outputs/class_areas.ts";
export type { Measurement } from "../outputs/measure_instance.ts";
export type { OverlayStyle } from "../outputs/overlay_rows.ts";
export type { StackShape } from "../outputs/stack_shape.ts";
export type { Band } from "../windows/band.ts";
export type { ClassHead, Finding } from "../windows/class_head.ts";
export type { CustomFormats } from "./custom_formats.ts";
export type * from "./format.ts";
export {
  describeFormat,
  isInstanceFormat,
  type OutputFormat,
  outputFormats,
} from "./formats.ts";
export { toPartWriter } from "./to_part_writer.ts";
