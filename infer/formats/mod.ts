/**
 * The names of what can be written of an image, and what each holds.
 *
 * @module
 */
export type { Finding } from "../windows/class_head.ts";
export {
  describeFormat,
  isInstanceFormat,
  type OutputFormat,
  outputFormats,
} from "./formats.ts";
