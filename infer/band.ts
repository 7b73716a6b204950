/**
 * Complete rows of an image, as a network sees them. Bands come from top to
 * bottom, without gap or overlap; a whole image is one band.
 */
export interface Band {
  /** The first row, counted from 0. */
  readonly y: number;
  /** Rows. */
  readonly height: number;
  /** Pixels a row. */
  readonly width: number;
  /** Each pixel's probability of being object, 0…1, laid out as `[H, W]`. */
  readonly probability: Float32Array;
  /**
   * Each pixel's probability of lying on a border between objects, 0…1, laid
   * out as `[H, W]`; there if the model has such an output.
   */
  readonly boundary?: Float32Array;
}
