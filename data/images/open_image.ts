import { fileOnDisk } from "./image_file.ts";
import { openImageFile } from "./open_image_file.ts";
import type { OpenedImage, OpenImageOptions } from "./opened_image.ts";

/**
 * Opens an image file to read windows of it: PNG, JPEG, WebP, GIF, or TIFF
 * and BigTIFF with all that microscopes put into them. Every function that
 * reads images reads them by these rules.
 *
 * Of a TIFF (strips or tiles; 3 to 64 bits or floats; uncompressed, LZW,
 * Deflate, PackBits, Zstandard, JPEG or WebP) only the pieces that a window
 * touches are read and decoded, and some are kept, so that walking down an
 * image decodes each once. All other files, and TIFFs of other kinds
 * (palettes, CMYK, 1, 2 and 4 bits, fax) are decoded whole when they are
 * opened; `tiled` says which it is.
 *
 * Values are what the file holds: 8 or 16 bits, and floats for everything
 * else. 1, 2 and 4 bits are spread over 8; 9 to 15 bits keep their values in
 * 16. NaN stays NaN; `toRgb8()` makes it black, and `intensityRangeOf()`
 * does not count it. An orientation tag is not applied, so that an image and
 * its mask stay aligned as they are stored; `notes` mention it.
 *
 * How the pages of a TIFF belong together is described by OME-XML, by ImageJ's
 * description, by tifffile's, by an Aperio scanner's, and else by their sizes:
 * smaller copies are levels, pages of the same size are planes. Pages that
 * OME-XML places in other files are read from these, where they lie in the
 * same folder. The pixel size comes from these descriptions too, or from the
 * resolution tags where it lies between 0.01 and 10 µm, since programs write
 * 72 or 300 dots per inch where they know nothing.
 *
 * @param path The file.
 * @param options Level, channel, plane, time; limits on memory.
 * @returns The reader; dispose of it to close the file.
 * @throws {FileError} If the file is missing, damaged, of another kind, has no
 * such level, channel, plane or time, has several channels of which none is
 * chosen, or needs a file that is not beside it.
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
  return await openImageFile(fileOnDisk(path), options);
}
