import { formatOf, readPngHeader } from "../images/image_format.ts";
import { memorySource } from "../images/byte_source.ts";
import { readDirectories } from "../tiff/tiff_directory.ts";
import { TiffFile } from "../tiff/tiff_file.ts";
import { readPage } from "../tiff/tiff_page.ts";
import { FileError } from "@unet/errors";
import { loadSharp } from "../images/sharp.ts";
import type { DatasetFile } from "./dataset_file.ts";

/** Files of a case are kept between reading and decoding up to so much. */
const mostKept = 2 ** 26;

/**
 * Bytes per pixel of what is made of a case: its image of up to four values,
 * a mask, the labels twice, and the pixels as they are stored in the end.
 */
const bytesPerPixel = 28;

/** Whether the files of a case are small enough to be kept in memory. */
export function areKept(files: readonly DatasetFile[]): boolean {
  return files.reduce((sum, { size }) => sum + size, 0) <= mostKept;
}

/**
 * Estimates how much memory decoding a case takes.
 *
 * @param image The file of its image; undefined where there is none.
 * @returns Bytes; those of a small image where the file is not right, which
 * decoding finds out.
 */
export async function caseMemory(
  image: Uint8Array | undefined,
): Promise<number> {
  const pixels = image && await pixelsOf(image);
  return (pixels ?? 2 ** 20) * bytesPerPixel;
}

async function pixelsOf(bytes: Uint8Array): Promise<number | undefined> {
  const format = formatOf(bytes);
  if (format === undefined) return undefined;
  if (format === "PNG") {
    const header = readPngHeader(bytes);
    return header && header.width * header.height;
  }
  try {
    if (format === "TIFF") {
      const file = new TiffFile("", memorySource(bytes));
      const { width, height } = readPage(file, readDirectories(file)[0]!);
      return width * height;
    }
    const sharp = await loadSharp();
    const options = { limitInputPixels: false } as const;
    const { width, height } = await sharp(bytes, options).metadata();
    return width * height;
  } catch (cause) {
    // What is wrong with the file is said when it is decoded.
    if (format === "TIFF" && !(cause instanceof FileError)) throw cause;
    return undefined;
  }
}
