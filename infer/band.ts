/**
 * What a network says about consecutive rows of an image. The bands of an
 * image come from the top, without gaps and without overlap.
 */
export interface Band {
  /** The first row, counted on the image. */
  readonly y: number;
  /** Rows. */
  readonly height: number;
  /** Pixels a row: the image's. */
  readonly width: number;
  /** Each pixel's probability of being object, 0…1, laid out as `[H, W]`. */
  readonly probability: Float32Array;
  /**
   * Each pixel's probability of lying on an object's border, laid out alike;
   * there if the network says it.
   */
  readonly boundary?: Float32Array;
}
