/** How instances are separated; lengths and areas are in pixels. */
export interface InstanceOptions {
  /** The probability above which a pixel is foreground; 0.5. */
  readonly threshold?: number;
  /**
   * The standard deviation of the Gaussian that smooths the distance to the
   * background; 1. With 0 it is not smoothed.
   */
  readonly smoothing?: number;
  /**
   * How much the distance to the background has to fall between two objects,
   * from the lesser of their peaks, for them to be two; 0.75. More of it splits
   * less.
   */
  readonly depth?: number;
  /**
   * By how much a border that the network is certain of lowers that distance,
   * in pixels; 5. Networks that predict no borders have no use for it.
   */
  readonly borderWeight?: number;
  /** Objects of fewer pixels are left out; 20. */
  readonly minimalArea?: number;
  /** Holes of at most this many pixels are filled; 20. */
  readonly maximalHole?: number;
  /**
   * The largest bounding box, in pixels, in which connected foreground is
   * looked at as a whole; 2²². It bounds memory to some 40 bytes for each.
   */
  readonly maximalBox?: number;
  /** The most rows of such a box; 1024. It bounds how long objects stay open. */
  readonly maximalRows?: number;
}

/** Every option, settled. */
export type InstanceSettings = Required<InstanceOptions>;
