/** One object of an image. */
export interface Instance {
  /** Its number: 1, 2, 3 … in the order in which instances are given. */
  readonly label: number;
  /** The first column of its bounding box. */
  readonly x: number;
  /** The first row of its bounding box. */
  readonly y: number;
  /** Columns of its bounding box. */
  readonly width: number;
  /** Rows of its bounding box. */
  readonly height: number;
  /** 1 inside and 0 outside, laid out as `[height, width]`. */
  readonly mask: Uint8Array;
  /**
   * The mean probability of its pixels, without those of filled holes, 0…1.
   */
  readonly probability: number;
  /**
   * The number of its class among the classes that the network knows; absent
   * where it knows none.
   */
  readonly class?: number;
}

/** What a band completed. */
export interface InstanceBand {
  /** The instances, in the order of their labels. */
  readonly instances: readonly Instance[];
  /**
   * Every instance that touches one of the rows 0 … `rows` − 1 has been given,
   * with this band or before.
   */
  readonly rows: number;
}
