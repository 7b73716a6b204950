import { basename, extname } from "@std/path";
import { unreadEndings } from "../images/unread_format.ts";
import type { DatasetFile } from "./dataset_file.ts";

/** `a_mask.png` is the mask of `a.jpg`. */
const maskSuffix = /[_-](cp[_-])?(masks?|labels?)$/i;

/** Cellpose's own file of masks beside an image. */
const segFile = /_seg\.npy$/i;

/** What this program and Cellpose write beside images, and no mask. */
const companionSuffix =
  /[_-](overlay|probability|flows|dP|cp_output|cp_outlines)$/i;

/** `a_0000.tif` is the first channel of `a` in nnU-Net's folders. */
const channelSuffix = /_\d{4}$/;

const imageFile =
  /\.(png|jpe?g|tiff?|lsm|stk|webp|gif|bmp|svs|ndpi|scn|mrxs|bif|svslide|czi|zarr|zarr\.zip|ozx)$/i;

/** Whether a folder is called as folders of masks are. */
export function isMaskFolder(name: string): boolean {
  return /^(masks|labels)$/i.test(name);
}

/** Whether a file counts as an image by its ending. */
export function isImageName(name: string): boolean {
  return imageFile.test(name);
}

/** Whether a file's ending is that of a format that is recognized, not read. */
export function isUnreadName(name: string): boolean {
  return unreadEndings.includes(extname(name).toLowerCase());
}

/** Whether a file is Cellpose's `NAME_seg.npy`, which holds the masks of NAME. */
export function isSegFile({ name }: Pick<DatasetFile, "name">): boolean {
  return segFile.test(name);
}

/** Whether a file may be one of several of an OME-TIFF. */
export function isOmeName(name: string): boolean {
  return /\.ome\.(tiff?|btf)$/i.test(name);
}

/**
 * A file's name without its folder and ending. Cellpose's `a_seg.npy` counts as
 * `a_cp_masks`, its other name for the masks of `a`.
 */
export function stemOf(file: DatasetFile): string {
  const name = basename(file.name).replace(/(?<=\.zarr)\.zip$/i, "")
    .replace(segFile, "_cp_masks.npy");
  return name.slice(0, name.length - extname(name).length);
}

/**
 * What names are compared by: one Unicode form, since systems store accents in
 * two ways, and no `.ome` before the ending, which a mask may lack.
 */
export function nameKey(stem: string): string {
  return stem.normalize("NFC").replace(/\.ome$/i, "");
}

/** The image's name in a mask's, as `a` in `a_cp_masks`; else undefined. */
export function imageOfMask(stem: string): string | undefined {
  const bare = stem.replace(/\.ome$/i, "").replace(maskSuffix, "");
  return bare === stem.replace(/\.ome$/i, "") ? undefined : bare;
}

/** The image's name in that of a picture made of it, as `a` in `a_overlay`. */
export function imageOfCompanion(stem: string): string | undefined {
  return companionSuffix.test(stem)
    ? stem.replace(companionSuffix, "")
    : undefined;
}

/** Whether a name ends in the number of a channel, as nnU-Net's do. */
export function isChannelName(stem: string): boolean {
  return channelSuffix.test(stem.replace(/\.ome$/i, ""));
}

/** The name without the number of a channel, as `a` of `a_0000`. */
export function withoutChannel(stem: string): string {
  return stem.replace(/\.ome$/i, "").replace(channelSuffix, "");
}
