/** How large a pixel is on the specimen. */
export interface PixelSize {
  /** Micrometers from column to column. */
  readonly x: number;
  /** Micrometers from row to row. */
  readonly y: number;
}
