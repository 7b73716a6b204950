import type { DatasetFile } from "./dataset_file.ts";

/**
 * How a dataset lays out its files: `kaggle` has a folder a case, with one
 * image and one mask per nucleus (`ID/images/ID.png`, `ID/masks/*.png`); `pairs`
 * has `images/` and `masks/`, paired by name.
 */
export type Layout = "kaggle" | "pairs";

/** An image and its masks, not read yet. */
export interface Case {
  /** Unique within the dataset. */
  readonly id: string;
  /** How to read the masks. */
  readonly layout: Layout;
  /** One image; none or several are a fault that {@linkcode readCase} reports. */
  readonly images: readonly DatasetFile[];
  /** The masks by name: one per nucleus, or the image's only one. */
  readonly masks: readonly DatasetFile[];
  /** Further files of an image that lies in several, without masks of theirs. */
  readonly others?: readonly DatasetFile[];
}
