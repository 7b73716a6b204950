import { requireApart } from "./tiff_backing.ts";
import {
  bytesOf,
  numberOf,
  numbersOf,
  tags,
  type TiffDirectory,
} from "./tiff_directory.ts";
import type { TiffFile } from "./tiff_file.ts";

/** How the values of a page are stored, and where its blocks lie. */
export interface TiffPage {
  /** The file that it lies in. */
  readonly file: TiffFile;
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  /** Values a pixel. */
  readonly samples: number;
  /** Bits a value; 0 where the samples differ. */
  readonly bits: number;
  readonly format: "unsigned" | "signed" | "float" | "other";
  readonly compression: number;
  readonly photometric: number;
  readonly predictor: number;
  /** Whether the bits of each byte are stored from the lowest on. */
  readonly isBitReversed: boolean;
  /** Whether each sample has blocks of its own. */
  readonly isSeparate: boolean;
  /** Whether the fourth (or second) sample is transparency. */
  readonly hasAlpha: boolean;
  /** EXIF's number: 1 is upright; not applied. */
  readonly orientation: number;
  /** Whether the page is a smaller copy of another. */
  readonly isReduced: boolean;
  readonly isTiled: boolean;
  /** Pixels per row of a tile; of a strip the page's. */
  readonly tileWidth: number;
  /** Rows of a tile or strip. */
  readonly tileHeight: number;
  /** Bytes by which the page lies behind what its directory says. */
  readonly shift: number;
}

/** Four tables of each kind take less. */
const mostTableBytes = 2 ** 16;

const mostPixelsASide = 2 ** 31 - 1;
const mostSamples = 1024;

/** Tags with a number per value of a pixel. */
const perSample = { most: mostSamples };

/**
 * Reads what a directory says of its pixels.
 *
 * @throws {FileError} If it contradicts itself.
 */
export function readPage(file: TiffFile, directory: TiffDirectory): TiffPage {
  const number = (tag: number) => numberOf(file, directory, tag);
  const width = number(tags.width) ?? 0, height = number(tags.height) ?? 0;
  requireSize(file, "pixels", width, height);
  const samples = number(tags.samples) ?? 1;
  if (samples < 1 || samples > mostSamples) {
    throw file.damaged(`${samples} values a pixel`);
  }
  const isTiled = directory.fields.has(tags.tileWidth);
  const tileWidth = isTiled ? number(tags.tileWidth) ?? 0 : width;
  const rows = number(isTiled ? tags.tileHeight : tags.rowsPerStrip);
  const tileHeight = isTiled ? rows ?? 0 : Math.min(rows || height, height);
  requireSize(file, "pixels per tile", tileWidth, tileHeight);
  const extra = numbersOf(file, directory, tags.extraSamples, perSample);
  return {
    file,
    directory,
    width,
    height,
    samples,
    bits: oneOf(numbersOf(file, directory, tags.bits, perSample), 1),
    format: (["other", "unsigned", "signed", "float"] as const)[
      oneOf(numbersOf(file, directory, tags.sampleFormat, perSample), 1)
    ] ?? "other",
    compression: number(tags.compression) ?? 1,
    photometric: number(tags.photometric) ?? 1,
    predictor: number(tags.predictor) ?? 1,
    isBitReversed: number(tags.fillOrder) === 2,
    isSeparate: samples > 1 && number(tags.planar) === 2,
    hasAlpha: extra?.[0] === 1 || extra?.[0] === 2,
    orientation: number(tags.orientation) ?? 1,
    isReduced: ((number(tags.subfileType) ?? 0) & 1) === 1,
    isTiled,
    tileWidth,
    tileHeight,
    shift: 0,
  };
}

/** The number of channels that a page shows as a picture, without a choice. */
export function pictureOf(page: TiffPage): 1 | 3 | 4 | undefined {
  const { photometric, samples } = page;
  if (samples === 1) return photometric === 3 ? 3 : 1;
  // RGB, CMYK, YCbCr and L*a*b* become color.
  if (photometric === 2 || photometric >= 5) {
    if (samples === 3) return 3;
    return samples === 4 ? (photometric === 5 ? 3 : 4) : undefined;
  }
  return samples === 2 && page.hasAlpha ? 1 : undefined;
}

/** Where the tiles or strips of a page lie in the file. */
export interface TiffPieces {
  readonly offsets: Float64Array;
  readonly byteCounts: Float64Array;
}

/**
 * Reads where the tiles or strips of a page lie.
 *
 * @throws {FileError} If there are fewer than the page's size asks for.
 */
export function readPieces(page: TiffPage): TiffPieces {
  const { file, directory, isTiled } = page;
  const count = Math.ceil(page.width / page.tileWidth) *
    Math.ceil(page.height / page.tileHeight) *
    (page.isSeparate ? page.samples : 1);
  const what = isTiled ? "tiles" : "strips";
  const offsetsTag = isTiled ? tags.tileOffsets : tags.stripOffsets;
  const countsTag = isTiled ? tags.tileByteCounts : tags.stripByteCounts;
  const read = (tag: number): Float64Array | undefined => {
    const found = directory.fields.get(tag)?.count ?? 0;
    if (found === 0) return undefined;
    if (found < count) throw file.damaged(`${found} ${what} of ${count}`);
    // Some writers leave room for more.
    return numbersOf(file, directory, tag, { most: found, only: count });
  };
  const offsets = read(offsetsTag);
  if (!offsets) throw file.damaged(`no offsets of ${what}`);
  // Uncompressed files of old have no byte counts; their size is known.
  const byteCounts = read(countsTag) ??
    (page.compression === 1
      ? new Float64Array(count).fill(Infinity)
      : undefined);
  if (!byteCounts) throw file.damaged(`no byte counts of ${what}`);
  requireApart(page, { offsets, byteCounts });
  if (page.shift === 0) return { offsets, byteCounts };
  return { offsets: offsets.map((one) => one + page.shift), byteCounts };
}

/** The tables that the JPEG pieces of a page share. */
export function readJpegTables(
  { file, directory }: TiffPage,
): Uint8Array | undefined {
  return bytesOf(file, directory, tags.jpegTables, mostTableBytes);
}

/** The one number that all are; 0 where they differ. */
function oneOf(numbers: Float64Array | undefined, otherwise: number): number {
  const first = numbers?.[0] ?? otherwise;
  return numbers?.every((one) => one === first) === false ? 0 : first;
}

function requireSize(
  file: TiffFile,
  what: string,
  width: number,
  height: number,
): void {
  const isRight = [width, height].every((one) =>
    one >= 1 && one <= mostPixelsASide
  );
  if (!isRight) throw file.damaged(`${width}×${height} ${what}`);
}
