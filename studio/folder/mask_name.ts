import { basename, dirname, extname, join } from "@std/path";

/** How the masks of other programs are named, after the image's name. */
const suffixes = ["", "_mask", "_masks", "_label", "_labels", "_cp_masks"];
const endings = ["png", "tif", "tiff"];

/** A folder of images, which has its masks beside it. */
export const isImageFolder = /^images$/i;

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

/**
 * The names that masks of other programs may have in the folder of an image's
 * mask. They are shown, and never overwritten.
 *
 * @param name The image's path from the studio's folder.
 */
export function otherMaskNames(name: string): string[] {
  const stem = basename(name, extname(name)), own = basename(maskName(name));
  return endings.flatMap((ending) =>
    suffixes.map((suffix) => `${stem}${suffix}.${ending}`)
  ).filter((file) => file !== own);
}
