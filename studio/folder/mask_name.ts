import { basename, dirname, extname, join } from "@std/path";

/** A folder of images, which has its masks beside it. */
const isImageFolder = /^images$/i;

/**
 * Where an image's mask is, as a path from the studio's folder: beside a folder
 * `images` in `masks`, as datasets have it, and else in the folder's `masks`.
 *
 * @param name The image's path from the studio's folder.
 * @returns The mask's path: a TIFF of the image's name.
 */
export function maskName(name: string): string {
  const file = `${basename(name, extname(name))}.tif`, folder = dirname(name);
  return isImageFolder.test(basename(folder))
    ? join(dirname(folder), "masks", file)
    : join("masks", folder, file);
}
