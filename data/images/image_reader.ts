import type { Image } from "../types.ts";

/** How much of the specimen a pixel covers, in micrometers. */
export interface PixelSize {
  /** Width of a pixel in µm. */
  readonly x: number;
  /** Height of a pixel in µm. */
  readonly y: number;
}

/**
 * An image of which windows are read, so that it never has to fit into
 * memory. Whoever opened it disposes of it: `await using reader = …`.
 */
export interface ImageReader extends AsyncDisposable {
  /** The file, for messages. */
  readonly path: string;
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /**
   * Of what `read()` gives: 1 (gray), 3 (red, green, blue) or 4 (with alpha);
   * any number where they are separate.
   */
  readonly channels: number;
  /** Whether channels were chosen one by one; not so if not given. */
  readonly isSeparate?: boolean;
  /** Bits a value of what `read()` gives: 8 and 16 are integers, 32 are floats. */
  readonly depth: 8 | 16 | 32;
  /** What a pixel covers, where the file specifies it. */
  readonly pixelSize?: PixelSize;
  /** Whether a window costs about its own size; else the image is in memory. */
  readonly tiled: boolean;
  /**
   * Reads a window. Several may be read at once; a window has the same values
   * however the image is cut.
   *
   * @param x The first column.
   * @param y The first row.
   * @param width Columns, at least 1.
   * @param height Rows, at least 1.
   * @returns The window, `[height, width, channels]`.
   * @throws {RangeError} If it is empty or reaches out of the image.
   * @throws {FileError} If the file is damaged there, or no longer the file
   * that was opened.
   */
  read(x: number, y: number, width: number, height: number): Promise<Image>;
}
