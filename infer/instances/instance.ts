/** One object of an image. */
export interface Instance {
  /** 1, 2, 3 … in the order in which they are given. */
  readonly label: number;
  /** The bounding box's first column on the image. */
  readonly x: number;
  /** The bounding box's first row on the image. */
  readonly y: number;
  /** Columns of the bounding box. */
  readonly width: number;
  /** Rows of the bounding box. */
  readonly height: number;
  /** 1 inside and 0 outside, laid out as `[height, width]`. */
  readonly mask: Uint8Array;
  /** The mean probability of its pixels, 0…1. */
  readonly probability: number;
}

/** The objects that a band completed. */
export interface InstanceBand {
  /** The objects. */
  readonly instances: readonly Instance[];
  /** All objects that touch rows 0 to `rows - 1` have been given. */
  readonly rows: number;
}
