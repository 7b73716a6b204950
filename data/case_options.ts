import type { DecodeOptions } from "./decode_image.ts";
import type { MaskOptions } from "./mask_options.ts";

/** How a case's image and masks are read. */
export interface CaseOptions extends DecodeOptions, MaskOptions {}
