import type { DecodeOptions } from "../images/decode_image.ts";
import type { ColorNormalization } from "../images/rgb8.ts";
import type { ObjectClasses } from "./object_classes.ts";
import type { MaskOptions } from "../masks/mask_options.ts";

/** How a case's image and masks are read. */
export interface CaseOptions extends DecodeOptions, MaskOptions {
  /** Which class each object has, if objects have classes. */
  readonly objectClasses?: ObjectClasses;
  /**
   * The rule by which color and gray images are kept in the cache;
   * `stretch-dark` if not given.
   */
  readonly normalization?: ColorNormalization;
}
