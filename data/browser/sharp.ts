/**
 * What takes the place of the image library's loader in a page, which has no
 * native code.
 *
 * @module
 */
import { cannot, FileError } from "@unet/errors";

/**
 * Refuses to load the image library.
 *
 * @throws {FileError} Always.
 */
export function loadSharp(): Promise<never> {
  throw new FileError(
    cannot("load", "image library", "sharp", {
      found: "a page, which has no native code",
      expected: "PNG, JPEG, or TIFF without palettes and inks",
      remedy: "use the command unet segment",
    }),
  );
}
