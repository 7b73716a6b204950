import type { ImageChoice, ReadingNote } from "./image_choice.ts";
import type { ImageReader } from "./image_reader.ts";
import type { ImageSize } from "../types.ts";

/** Which part of a file `openImage()` reads, and how much it keeps. */
export interface OpenImageOptions extends ImageChoice {
  /**
   * The most pixels that are decoded at once, as by `decodeImage()`: of a
   * whole image where it cannot be read in pieces, else of a piece.
   */
  readonly maxPixels?: number;
  /** Decoded pieces are kept up to so many bytes, 96 MiB if not given. */
  readonly cacheBytes?: number;
  /**
   * Whether all pixels will be read, and each is costly, as to a network: then
   * an image above 64 MB whose pixels the file does not back with bytes is
   * refused. Not by default.
   */
  readonly isReadWhole?: boolean;
}

/** An image file that is open, and what more there is in it. */
export interface OpenedImage extends ImageReader {
  /** The level that is read. */
  readonly level: number;
  /** The sizes of all levels, full size first. */
  readonly levels: readonly ImageSize[];
  /** The names of the channels that may be chosen. */
  readonly channelNames: readonly string[];
  /** How many planes there are. */
  readonly planes: number;
  /** How many time points there are. */
  readonly times: number;
  /**
   * How viewers turn the image, by EXIF's number: 1 is upright. It is not
   * applied.
   */
  readonly orientation: number;
  /**
   * The names of files in its folder that it is read from too, as an OME-TIFF
   * may be.
   */
  readonly otherFiles: readonly string[];
  /** What the file leaves open and no option decided, and how it was read. */
  readonly notes: readonly ReadingNote[];
}
