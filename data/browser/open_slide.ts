/**
 * What takes the place of the readers of slides and OME-Zarr in a page.
 *
 * @module
 */
import { cannot, FileError } from "@unet/errors";
import type { ByteSource } from "../images/byte_source.ts";
import type { ImageFile } from "../images/image_file.ts";
import type { OpenedImage } from "../images/opened_image.ts";

/**
 * Refuses a slide that a library of its own reads.
 *
 * @throws {FileError} Always.
 */
export function openSlide(
  file: ImageFile,
  source: ByteSource,
): Promise<OpenedImage> {
  source[Symbol.dispose]();
  throw new FileError(
    cannot("read", "slide", file.path, {
      found: "a format that only the program reads",
      expected: "PNG, JPEG, TIFF or OME-TIFF",
      remedy: "use the command unet segment",
    }),
  );
}

/**
 * Refuses an OME-Zarr.
 *
 * @throws {FileError} Always.
 */
export function openZarr(path: string): Promise<OpenedImage> {
  throw new FileError(
    cannot("read", "OME-Zarr", path, {
      found: "a page, which reads files alone",
      remedy: "use the command unet segment",
    }),
  );
}
