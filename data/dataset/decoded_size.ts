import { FileError } from "@unet/errors";
import { memorySource } from "../images/byte_source.ts";
import { wideningOf } from "../images/decode_budget.ts";
import { formatOf, readPngHeader } from "../images/image_format.ts";
import {
  isPossible,
  isPossiblePng,
  pngSamples,
} from "../images/picture_cost.ts";
import { loadSharp } from "../images/sharp.ts";
import { readDirectories } from "../tiff/tiff_directory.ts";
import { TiffFile } from "../tiff/tiff_file.ts";
import { readPage } from "../tiff/tiff_page.ts";
import { findSegMasks, isNumpy } from "../masks/seg_npy.ts";
import type { ImageSize } from "../types.ts";

/** How large an image is once it is decoded. */
export interface DecodedSize {
  readonly pixels: number;
  /** Bytes of its values, of all pages that are read. */
  readonly bytes: number;
}

/**
 * Reads from the beginning of an image how large it is, and decodes nothing.
 *
 * @param file The whole file.
 * @param options Whether all pages of a TIFF are read, for a projection, and
 * whether a network sees it: then a long, thin image counts as it is widened.
 * @returns Undefined where the file is not right: it is refused when it is
 * decoded, in words of its own.
 */
export async function decodedSize(
  file: Uint8Array,
  { areAllPages = false, isSeen = false } = {},
): Promise<DecodedSize | undefined> {
  if (isNumpy(file)) return sizeOfSeg(file);
  const format = formatOf(file);
  if (format === undefined) return undefined;
  if (format === "PNG") {
    const header = readPngHeader(file);
    if (!header || !isPossiblePng(header)) return undefined;
    const { width, height, depth, colorType } = header;
    return sizeOf({ width, height }, pngSamples[colorType] ?? 1, depth);
  }
  try {
    if (format === "TIFF") {
      const tiff = new TiffFile("", memorySource(file));
      const directories = readDirectories(tiff);
      const page = readPage(tiff, directories[0]!);
      const pages = areAllPages ? directories.length : 1;
      const { width, height, samples, bits } = page;
      return sizeOf({ width, height }, pages * samples, bits);
    }
    const sharp = await loadSharp();
    const options = { limitInputPixels: false } as const;
    const { width, height, channels } = await sharp(file, options).metadata();
    if (!isPossible({ width, height }, format, file.length)) return undefined;
    return sizeOf({ width, height }, channels, 8);
  } catch (cause) {
    if (format === "TIFF" && !(cause instanceof FileError)) throw cause;
    return undefined;
  }

  function sizeOf(
    { width, height }: ImageSize,
    samples: number,
    bits: number,
  ): DecodedSize {
    const pixels = width * height;
    const widened = isSeen ? pixels * wideningOf({ width, height }) : pixels;
    return { pixels, bytes: widened * samples * Math.max(8, bits) / 8 };
  }
}

/** Of Cellpose's masks, which are decoded to 32 bits. */
function sizeOfSeg(file: Uint8Array): DecodedSize | undefined {
  try {
    const { width, height } = findSegMasks(file, "");
    return { pixels: width * height, bytes: 4 * width * height };
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    return undefined;
  }
}
