import type { DecodeOptions } from "../images/decode_image.ts";
import type { MaskOptions } from "../masks/mask_options.ts";

/** How a case's image and masks are read. */
export interface CaseOptions extends DecodeOptions, MaskOptions {}
