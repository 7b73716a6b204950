import type { TiffFile } from "./_tiff_file.ts";

/** Where the values of a tag lie. */
interface TiffField {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** The tags of one image of a file. */
export interface TiffDirectory {
  readonly offset: number;
  readonly fields: ReadonlyMap<number, TiffField>;
}

/** The tags that are looked at. */
export const tags = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  subsampling: 530,
} as const;

/** Bytes a value, by type. */
const typeBytes: readonly number[] = [
  ...[0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8],
];

const maxDirectories = 2 ** 18;
const maxFields = 4096;
const maxTextBytes = 2 ** 27;

/**
 * Reads the chain of directories.
 *
 * @throws {FileError} If it leads out of the file or in a circle, or is
 * longer than any image's.
 */
export function readDirectories(file: TiffFile): TiffDirectory[] {
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let offset = file.firstDirectory;
  while (offset !== 0) {
    if (seen.has(offset)) throw file.damaged("directories in a circle");
    if (seen.size === maxDirectories) {
      throw file.damaged(`more than ${maxDirectories} directories`);
    }
    seen.add(offset);
    const { directory, next } = readDirectory(file, offset);
    directories.push(directory);
    offset = next;
  }
  if (directories.length === 0) throw file.damaged("no directory");
  return directories;
}

/**
 * Reads the smaller copies that a directory names.
 *
 * @throws {FileError} As {@linkcode readDirectories}.
 */
export function readSubDirectories(
  file: TiffFile,
  directory: TiffDirectory,
): TiffDirectory[] {
  const offsets = numbersOf(file, directory, tags.subDirectories, 64) ?? [];
  return [...offsets].map((offset) => readDirectory(file, offset).directory);
}

/**
 * The numbers of a tag; undefined where the directory lacks it.
 *
 * @param most More than that are no right file's.
 * @param only How many of them are wanted; all if not given.
 */
export function numbersOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  most: number,
  only?: number,
): Float64Array | undefined {
  const field = directory.fields.get(tag);
  if (!field) return undefined;
  const { type, at } = field;
  // A rational is two numbers.
  const perValue = type === 5 || type === 10 ? 2 : 1;
  const count = field.count * perValue;
  const bytes = (typeBytes[type] ?? 0) / perValue;
  if (bytes === 0 || count === 0 || count > most) {
    throw file.damaged(`${count} values of type ${type} for tag ${tag}`);
  }
  return file.readNumbers(at, bytes, Math.min(count, only ?? count));
}

/** The first number of a tag. */
export function numberOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
): number | undefined {
  return numbersOf(file, directory, tag, 65536)?.[0];
}

/** The bytes of a tag, whatever they mean. */
export function bytesOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
): Uint8Array | undefined {
  const field = directory.fields.get(tag);
  if (!field) return undefined;
  const length = field.count * (typeBytes[field.type] ?? 0);
  if (length > maxTextBytes) {
    throw file.damaged(`${length} bytes of tag ${tag}`);
  }
  return file.read(field.at, length);
}

/** The text of a tag, without the zeros that end it. */
export function textOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
): string | undefined {
  const bytes = bytesOf(file, directory, tag);
  return bytes && new TextDecoder().decode(bytes).replace(/\0[^]*$/, "");
}

function readDirectory(
  file: TiffFile,
  offset: number,
): { directory: TiffDirectory; next: number } {
  const { big } = file;
  const headBytes = big ? 8 : 2, fieldBytes = big ? 20 : 12;
  const wordBytes = big ? 8 : 4;
  const [count = 0] = file.readNumbers(offset, headBytes, 1);
  if (count > maxFields) {
    throw file.damaged(`a directory of ${count} tags at ${offset}`);
  }
  const fields = new Map<number, TiffField>();
  for (let index = 0; index < count; index++) {
    const at = offset + headBytes + index * fieldBytes;
    const [tag = 0, type = 0] = file.readNumbers(at, 2, 2);
    const [values = 0] = file.readNumbers(at + 4, wordBytes, 1);
    const inPlace = at + 4 + wordBytes;
    const isInPlace = values * (typeBytes[type] ?? 0) <= wordBytes;
    const [elsewhere = 0] = file.readNumbers(inPlace, wordBytes, 1);
    // The first of two tags alike counts, as in libtiff.
    if (fields.has(tag)) continue;
    fields.set(tag, {
      type,
      count: values,
      at: isInPlace ? inPlace : elsewhere,
    });
  }
  const end = offset + headBytes + count * fieldBytes;
  const [next = 0] = file.readNumbers(end, wordBytes, 1);
  return { directory: { offset, fields }, next };
}
