import type { StoredMask } from "../masks/stored_mask.ts";
import type { DatasetFile } from "./dataset_file.ts";

/** A mask of the image's size. */
export interface MaskOfCase {
  /** Where it was read. */
  readonly file: DatasetFile;
  /** What it stores. */
  readonly mask: StoredMask;
}
