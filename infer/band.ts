/**
 * Complete rows of what a network says about an image. Bands come from the
 * top to the bottom, without gap or overlap.
 */
export interface Band {
  /** The first row, on the image. */
  readonly y: number;
  /** Rows. */
  readonly height: number;
  /** Pixels a row, which are the image's. */
  readonly width: number;
  /** Each pixel's probability of being object, 0…1, laid out as `[H, W]`. */
  readonly probability: Float32Array;
  /**
   * Each pixel's probability of being the border of an object, 0…1, laid out
   * as `[H, W]`; there if the network tells borders.
   */
  readonly boundary?: Float32Array;
}
