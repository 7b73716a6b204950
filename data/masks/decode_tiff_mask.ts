import { cannot, FileError } from "@unet/errors";
import { memorySource } from "../images/byte_source.ts";
import { colorNumbers } from "./color_numbers.ts";
import { decodePicture } from "../images/decode_picture.ts";
import { requireBacked } from "../images/decode_budget.ts";
import { decodeImage, type DecodeOptions } from "../images/decode_image.ts";
import type { ImageFile } from "../images/image_file.ts";
import { readSeries } from "../tiff/read_series.ts";
import { requireAmong } from "../images/require_among.ts";
import { requirePixels } from "../images/require_pixels.ts";
import type { MaskValues, StoredMask } from "./stored_mask.ts";
import { isBlockwise, TiffBlocks } from "../tiff/tiff_blocks.ts";
import { numbersOf, tags } from "../tiff/tiff_directory.ts";
import { TiffFile } from "../tiff/tiff_file.ts";
import { unsupportedIn } from "../tiff/tiff_kinds.ts";
import type { TiffPage } from "../tiff/tiff_page.ts";
import type { TiffSeries } from "../tiff/tiff_series.ts";
import { TiffSet } from "../tiff/tiff_set.ts";
import type { Numbers } from "../tiff/tiff_values.ts";

/** Compressions that change values: JPEG, old and new. */
const lossy: ReadonlySet<number> = new Set([6, 7]);

/** Larger whole numbers are rounded when 64 bits are read. */
const largestExact = 2 ** 53;

/** Options with the limit on pixels. */
type Options = DecodeOptions & { readonly maxPixels: number };

/**
 * Reads the numbers that a TIFF stores for a mask, of its first page unless a
 * plane or time point is chosen that it has.
 *
 * @param file What the TIFF is, for messages and for files beside it.
 * @param bytes All of it.
 * @throws {FileError} If the file is damaged, too large, of a kind that is not
 * read, or has several values per pixel that are no color.
 */
export async function decodeTiffMask(
  file: ImageFile,
  bytes: Uint8Array,
  options: Options,
): Promise<StoredMask> {
  using set = new TiffSet(
    new TiffFile(file.path, memorySource(bytes)),
    file,
  );
  const series = await readSeries(set);
  const { page, pages } = await choosePage(series, set, options);
  const { samples, photometric, width, height, compression } = page;
  requirePixels(page, file.path, options.maxPixels);
  const about = {
    width,
    height,
    isLossy: lossy.has(compression),
    orientation: page.orientation,
    pages,
    showsZeroBright: photometric === 0,
    ...(photometric === 3 && { palette: paletteOf(page) }),
  };
  if (samples > 1 && (photometric === 2 || photometric >= 5)) {
    const { maxPixels } = options;
    const image = await decodeImage(bytes, file.path, { maxPixels });
    return {
      ...about,
      ...colorNumbers(image, file.path),
      // tifffile stores arrays of three or four pages as color.
      pages: page.isSeparate || samples > 3 && !page.hasAlpha
        ? Math.max(pages, samples)
        : pages,
    };
  }
  if (samples > 2 || samples === 2 && !page.hasAlpha) {
    throw new FileError(cannot("read", "mask", file.path, {
      found: `${samples} values per pixel`,
      expected: "one, or a color",
    }));
  }
  // Neither a palette nor "zero is white" is about numbers.
  const plain = { ...page, photometric: 1 };
  if (!isBlockwise(plain) && !isPackedBlockwise(plain)) {
    const values = await decodeWhole(page, bytes, set.indexOf(page));
    return { ...about, values, colorBits: 0, hasShapeInAlpha: false };
  }
  const values = await readBlocks(plain, 0, options.maxPixels);
  const alpha = samples === 2
    ? await readBlocks(plain, 1, options.maxPixels)
    : undefined;
  return {
    ...about,
    values,
    colorBits: 0,
    hasShapeInAlpha: alpha !== undefined && isUniform(values) &&
      !isUniform(alpha),
  };
}

/** The page that is read, and how many a person may have meant. */
async function choosePage(
  series: TiffSeries,
  set: TiffSet,
  options: Options,
): Promise<{ page: TiffPage; pages: number }> {
  const { start, names, planes, times, notes } = series, { path } = set.image;
  const plane = typeof options.plane === "number" ? options.plane : start.plane;
  const time = options.time ?? start.time;
  if (planes > 1) requireAmong(path, "plane", planes, plane);
  if (times > 1) requireAmong(path, "time", times, time);
  const page = await series.pageOf(
    start.channel ?? 0,
    planes > 1 ? plane : 0,
    times > 1 ? time : 0,
  );
  const alike = names.length *
    (typeof options.plane === "number" ? 1 : planes) *
    (options.time === undefined ? times : 1);
  const hasOthers = notes.some(({ kind }) =>
    kind === "pages" || kind === "images"
  );
  return { page, pages: hasOthers ? Math.max(alike, set.main.count) : alike };
}

/** The colors of a page's palette by number, as `"#rrggbb"`. */
function paletteOf({ file, directory }: TiffPage): string[] {
  const most = 3 * 2 ** 16;
  const found = numbersOf(file, directory, tags.colorMap, { most });
  const colors = Math.floor((found?.length ?? 0) / 3);
  return Array.from({ length: colors }, (_, at) => {
    const channels = [0, 1, 2].map((one) => found![one * colors + at]! >> 8);
    return `#${Uint8Array.from(channels).toHex()}`;
  });
}

function isUniform(values: MaskValues): boolean {
  return values.every((value) => value === values[0]);
}

/** Whether values of 1, 2 or 4 bits can be read as stored. */
function isPackedBlockwise(page: TiffPage): boolean {
  return page.format === "unsigned" && [1, 2, 4].includes(page.bits) &&
    page.predictor === 1 && page.compression !== 7 &&
    isBlockwise({ ...page, bits: 8 });
}

async function readBlocks(
  page: TiffPage,
  sample: number,
  maxPixels: number,
): Promise<MaskValues> {
  const { file, width, height } = page;
  const blocks = new TiffBlocks(page), { grid } = blocks;
  requirePixels(grid, file.path, maxPixels);
  requireBacked(file.path, {
    kind: "image",
    decoded: width * height * Math.max(8, page.bits) / 8,
    stored: file.size,
  });
  let values: Numbers | undefined;
  for (let row = 0; row < grid.down; row++) {
    for (let column = 0; column < grid.across; column++) {
      const block = await blocks.readNumbers(column, row, sample);
      // Not before a block was decoded: a file may claim any size.
      values ??= new (block.constructor as new (length: number) => Numbers)(
        width * height,
      );
      const left = column * grid.width, top = row * grid.height;
      const length = Math.min(grid.width, width - left);
      const bottom = Math.min(height, top + grid.height);
      for (let y = top; y < bottom; y++) {
        const from = (y - top) * grid.width;
        values.set(block.subarray(from, from + length), y * width + left);
      }
    }
  }
  if (page.bits === 64 && page.format !== "float") requireExact(values!, file);
  return values!;
}

function requireExact(values: Numbers, file: TiffFile): void {
  for (const value of values) {
    if (Math.abs(value) < largestExact) continue;
    throw file.unreadable(
      "whole numbers of more than 53 bits",
      "smaller object numbers",
    );
  }
}

/** Decodes a page by the image library, which is shown another color model. */
async function decodeWhole(
  page: TiffPage,
  bytes: Uint8Array,
  index: number | undefined,
): Promise<MaskValues> {
  const { file, directory, width, height, bits } = page;
  const problem = unsupportedIn({ ...page, photometric: 1 });
  if (problem) throw file.unreadable(problem.found, problem.expected);
  const field = directory.fields.get(tags.photometric);
  const shown = Uint8Array.from(bytes);
  if (field) {
    const view = new DataView(shown.buffer);
    if (field.type === 3) view.setUint16(field.at, 1, file.littleEndian);
    else if (field.type === 4) view.setUint32(field.at, 1, file.littleEndian);
    else shown[field.at] = 1;
  }
  const { image } = await decodePicture(shown, {
    path: file.path,
    maxPixels: width * height,
    ...(index !== undefined && { page: index }),
  });
  if (image.width !== width || image.height !== height || image.channels > 1) {
    throw file.damaged(
      `${image.width}×${image.height} pixels of ${image.channels} values`,
    );
  }
  const scale = bits < 8 ? 255 / (2 ** bits - 1) : 1;
  return scale === 1 ? image.data : image.data.map((one) => one / scale);
}
