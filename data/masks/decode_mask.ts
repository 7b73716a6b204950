import { cannot, FileError } from "@unet/errors";
import { colorNumbers } from "./color_numbers.ts";
import { decodePicture } from "../images/decode_picture.ts";
import { decodeTiffMask } from "./decode_tiff_mask.ts";
import type { DecodeOptions } from "../images/decode_image.ts";
import type { ImageFile } from "../images/image_file.ts";
import { formatOf, isLossy, readPngHeader } from "../images/image_format.ts";
import { paletteOfGif, withGrayTables } from "../images/index_gif.ts";
import { paletteOf, withoutPalette } from "../images/index_png.ts";
import { findSegMasks, isNumpy } from "./seg_npy.ts";
import type { StoredMask } from "./stored_mask.ts";
import { requireRead, unreadStartBytes } from "../images/unread_format.ts";
import { decodeZarrMask } from "../zarr/zarr_mask.ts";
import { zarrPlaceOf } from "../zarr/zarr_place.ts";

/** The most pixels of a mask, if not said otherwise. */
const defaultMaxPixels = 2 ** 28;

/**
 * Decodes a mask to the numbers that its file stores, as tifffile and ImageJ
 * show them: neither a palette nor "zero is white" changes them.
 *
 * @param file Where the mask lies; it is read whole.
 * @param options Which plane and time point; the limit on pixels. A mask of one
 * plane or time point goes with any.
 * @throws {FileError} If it cannot be read as an image, or its pixels are
 * neither numbers nor colors.
 */
export async function decodeMask(
  file: ImageFile,
  options: DecodeOptions = {},
): Promise<StoredMask> {
  const limited = { maxPixels: defaultMaxPixels, ...options };
  const zarr = file.diskPath === undefined
    ? undefined
    : zarrPlaceOf(file.diskPath);
  if (zarr) return await decodeZarrMask(file.path, zarr, limited);
  using source = await file.open();
  requireRead(source.read(0, Math.min(unreadStartBytes, source.size)), file);
  const bytes = source.read(0, source.size);
  if (isNumpy(bytes)) return decodeSegMask(bytes, file.path, limited);
  return formatOf(bytes) === "TIFF"
    ? await decodeTiffMask(file, bytes, limited)
    : await decodePictureMask(bytes, file.path, limited);
}

/** Decodes the masks of Cellpose's `_seg.npy`. */
function decodeSegMask(
  bytes: Uint8Array,
  path: string,
  { maxPixels }: { readonly maxPixels: number },
): StoredMask {
  const { width, height, read } = findSegMasks(bytes, path);
  if (width * height > maxPixels) {
    throw new FileError(cannot("read", "mask", path, {
      found: `${width}×${height} pixels`,
      expected: `at most ${maxPixels} in all`,
    }));
  }
  return {
    ...{ width, height, values: read(), colorBits: 0, isLossy: false },
    ...{ orientation: 1, pages: 1 },
    ...{ hasShapeInAlpha: false, showsZeroBright: false },
  };
}

/** Decodes a PNG, JPEG, WebP or GIF. */
async function decodePictureMask(
  bytes: Uint8Array,
  path: string,
  { maxPixels, time }: DecodeOptions & { readonly maxPixels: number },
): Promise<StoredMask> {
  const format = formatOf(bytes);
  const png = format === "PNG" ? readPngHeader(bytes) : undefined;
  const isIndexed = png?.colorType === 3;
  // The image library makes colors of indices, and spreads few bits over 8.
  const readable = isIndexed
    ? withoutPalette(bytes)
    : format === "GIF"
    ? withGrayTables(bytes)
    : bytes;
  const { image, frames, orientation } = await decodePicture(readable, {
    path,
    maxPixels,
  });
  const { values, ...rest } = colorNumbers(image, path);
  const palette = isIndexed
    ? paletteOf(bytes)
    : format === "GIF"
    ? paletteOfGif(bytes)
    : undefined;
  const spread = png && png.depth < 8 ? 255 / (2 ** png.depth - 1) : 1;
  return {
    width: image.width,
    height: image.height,
    ...rest,
    values: spread === 1 ? values : values.map((value) => value / spread),
    isLossy: isLossy(bytes),
    orientation,
    pages: time === undefined ? frames : 1,
    ...(palette && { palette }),
    showsZeroBright: isBright(palette?.[0]),
  };
}

/** Whether a channel of a color reaches half. */
function isBright(color: string | undefined): boolean {
  return color !== undefined && /^#(..){0,2}[89a-f]/.test(color);
}
