import { cannot, FileError } from "@unet/errors";
import { readFile } from "@unet/files";
import { fileSource } from "./_byte_source.ts";
import { chooseChannel } from "./_choose_channel.ts";
import { formatOf } from "./_image_format.ts";
import { memoryReader } from "./_memory_reader.ts";
import { TiffFile } from "./_tiff_file.ts";
import { openTiff } from "./_tiff_reader.ts";
import { decodeImage, type ImageSize } from "./decode_image.ts";
import type { ImageReader } from "./image_reader.ts";

/** Which part of a file {@linkcode openImage} reads, and how much it keeps. */
export interface OpenImageOptions {
  /** The level of a pyramid: 0 (if not given) is full size, then ever smaller. */
  readonly level?: number;
  /**
   * One channel, by its number from 0 or by its name, or a projection of all
   * (but alpha): `"max"` or `"mean"`. Color is read as color if not given; an
   * image of several channels that are no color needs a choice.
   */
  readonly channel?: number | string;
  /** One plane of a stack, from 0 (if not given), or a projection of all. */
  readonly plane?: number | "max" | "mean";
  /** One time of a series, from 0 (if not given). */
  readonly time?: number;
  /**
   * The most pixels that are decoded at once, as by `decodeImage()`: of a
   * whole image where it cannot be read in pieces, else of a piece.
   */
  readonly maxPixels?: number;
  /** Decoded pieces are kept up to so many bytes, 96 MiB if not given. */
  readonly cacheBytes?: number;
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
  /** How many times there are. */
  readonly times: number;
}

/**
 * Opens an image file to read windows of it: PNG, JPEG, WebP, GIF, or TIFF
 * and BigTIFF with all that microscopes put into them.
 *
 * Of a TIFF (strips or tiles; 8, 16, 32 bits or floats; uncompressed, LZW,
 * Deflate, PackBits, Zstandard, JPEG or WebP) only the pieces that a window
 * touches are read and decoded, and some are kept, so that walking down an
 * image decodes each once. All other files, and TIFFs of other kinds
 * (palettes, CMYK, fewer than 8 bits, fax) are decoded whole when they are
 * opened, by {@linkcode decodeImage}; `tiled` says which it is.
 *
 * Values are what the file holds: 8 or 16 bits, and floats for everything
 * else. NaN stays NaN; `toRgb8()` makes it black, and `intensityRangeOf()`
 * does not count it.
 *
 * What the pages of a TIFF are to one another is told by OME-XML, by ImageJ's
 * description, by an Aperio scanner's, and else by their sizes: smaller copies
 * are levels, pages of the same size are planes. The pixel size comes from
 * these too, or from the resolution tags where it lies between 0.01 and 10 µm,
 * since programs write 72 or 300 dots an inch where they know nothing.
 *
 * @param path The file.
 * @param options Level, channel, plane, time; limits on memory.
 * @returns The reader; dispose of it to close the file.
 * @throws {FileError} If the file is missing, damaged, of another kind, has no
 * such level, channel, plane or time, or has several channels of which none
 * is chosen.
 * @throws {RangeError} If an option is no number that it may be.
 *
 * @example
 * ```ts
 * import { encodePng, openImage } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * const data = new Uint8Array([0, 1, 2, 3, 4, 5]);
 * const image = { width: 3, height: 2, channels: 1, depth: 8, data } as const;
 * await Deno.writeFile(path, await encodePng(image));
 * {
 *   await using reader = await openImage(path);
 *   assertEquals([reader.width, reader.height, reader.channels], [3, 2, 1]);
 *   assertEquals([...(await reader.read(1, 0, 2, 2)).data], [1, 2, 4, 5]);
 * }
 * await Deno.remove(path);
 * ```
 */
export async function openImage(
  path: string,
  options: OpenImageOptions = {},
): Promise<OpenedImage> {
  requireOptions(options);
  if (await isTiff(path)) {
    const source = fileSource(path);
    try {
      return await openTiff(new TiffFile(path, source), options);
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  }
  const image = await decodeImage(await readFile(path, "image"), path, options);
  for (const what of ["level", "plane", "time"] as const) {
    const asked = options[what] ?? 0;
    if (typeof asked === "string" || asked === 0) continue;
    throw new FileError(cannot("read", "image", path, {
      found: `one ${what}`,
      expected: `${what} ${asked}`,
    }));
  }
  return memoryReader(chooseChannel(image, options.channel, path), path, image);
}

async function isTiff(path: string): Promise<boolean> {
  const start = new Uint8Array(16);
  try {
    using file = await Deno.open(path);
    await file.read(start);
  } catch {
    // Reading it whole says what is wrong.
    return false;
  }
  return formatOf(start) === "TIFF";
}

function requireOptions(options: OpenImageOptions): void {
  const { channel, plane, level, time, maxPixels, cacheBytes } = options;
  const counts = { level, time, maxPixels, cacheBytes, channel, plane };
  for (const [name, value] of Object.entries(counts)) {
    if (value === undefined) continue;
    const isMode = value === "max" || value === "mean";
    const isText = typeof value === "string" &&
      (name === "channel" || name === "plane" && isMode);
    if (isText || Number.isSafeInteger(value) && Number(value) >= 0) continue;
    throw new RangeError(
      `Cannot open image: found ${name} ${value}, expected a whole number from 0`,
    );
  }
}
