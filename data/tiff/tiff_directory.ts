import type { TiffFile } from "./tiff_file.ts";

/** Where the values of a tag lie. */
interface TiffField {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** The tags of one image of a file. */
export interface TiffDirectory {
  readonly offset: number;
  /** The tags that are known here; read when they are first asked for. */
  readonly fields: Pick<ReadonlyMap<number, TiffField>, "get" | "has">;
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
  software: 305,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  subsampling: 530,
  xmp: 700,
  // MetaMorph's own, a value per plane of a stack.
  metaMorph: 33629,
  // Zeiss' own, in each LSM.
  zeissLsm: 34412,
  // Hamamatsu's own, in each of its slides.
  hamamatsu: 65420,
} as const;

/** Bytes a value, by type. */
const typeBytes: readonly number[] = [
  ...[0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8],
];

const maxDirectories = 2 ** 18;
const maxFields = 4096;
const maxTextBytes = 2 ** 27;

/** Smaller copies that one directory names. */
const maxSubDirectories = 64;

const knownTags: ReadonlySet<number> = new Set(Object.values(tags));

/**
 * Finds the chain of directories. Their tags are read when they are asked for.
 *
 * @throws {FileError} If it leads out of the file or in a circle, is longer
 * than any image's, or its directories share bytes.
 */
export function readDirectories(file: TiffFile): TiffDirectory[] {
  const spans: Span[] = [];
  const seen = new Set<number>();
  let offset = file.firstDirectory;
  while (offset !== 0) {
    if (seen.has(offset)) throw file.damaged("directories in a circle");
    if (seen.size === maxDirectories) {
      throw file.damaged(`more than ${maxDirectories} directories`);
    }
    seen.add(offset);
    const span = spanOf(file, offset);
    spans.push(span);
    [offset = 0] = file.readNumbers(
      span.end - file.wordBytes,
      file.wordBytes,
      1,
    );
  }
  if (spans.length === 0) throw file.damaged("no directory");
  requireApart(file, spans);
  return spans.map(({ offset }) => new LazyDirectory(file, offset));
}

/**
 * The first directory, without a look at the others.
 *
 * @throws {FileError} If it leads out of the file.
 */
export function firstDirectoryOf(file: TiffFile): TiffDirectory {
  spanOf(file, file.firstDirectory);
  return new LazyDirectory(file, file.firstDirectory);
}

/**
 * Finds the smaller copies that a directory names.
 *
 * @throws {FileError} As {@linkcode readDirectories}.
 */
export function readSubDirectories(
  file: TiffFile,
  directory: TiffDirectory,
): TiffDirectory[] {
  const offsets = numbersOf(file, directory, tags.subDirectories, {
    most: maxSubDirectories,
  }) ?? [];
  // One that names itself is not worth a refusal: it is no smaller copy.
  const all = new Set([directory.offset, ...offsets]);
  requireApart(file, [...all].map((offset) => spanOf(file, offset)));
  return [...offsets].map((offset) => new LazyDirectory(file, offset));
}

/** Where a directory lies. */
interface Span {
  readonly offset: number;
  readonly end: number;
}

function spanOf(file: TiffFile, offset: number): Span {
  const count = countOf(file, offset);
  const end = offset + headBytes(file) + count * fieldBytes(file) +
    file.wordBytes;
  if (end > file.size) {
    throw file.damaged(`a directory of ${count} tags at ${offset}`);
  }
  return { offset, end };
}

function countOf(file: TiffFile, offset: number): number {
  const [count = 0] = file.readNumbers(offset, headBytes(file), 1);
  if (count <= maxFields) return count;
  throw file.damaged(`a directory of ${count} tags at ${offset}`);
}

/** Directories that share bytes could hold many times the file's tags. */
function requireApart(file: TiffFile, spans: readonly Span[]): void {
  let before: Span | undefined;
  for (const span of spans.toSorted((a, b) => a.offset - b.offset)) {
    if (before && span.offset < before.end) {
      throw file.damaged(
        `directories that overlap, at ${before.offset} and ${span.offset}`,
      );
    }
    before = span;
  }
}

function headBytes({ big }: TiffFile): number {
  return big ? 8 : 2;
}

function fieldBytes({ big }: TiffFile): number {
  return big ? 20 : 12;
}

/** A directory that keeps its known tags in a few bytes once it is read. */
class LazyDirectory implements TiffDirectory {
  readonly offset: number;
  readonly #file: TiffFile;
  #fields: TiffFields | undefined;

  constructor(file: TiffFile, offset: number) {
    this.#file = file;
    this.offset = offset;
  }

  get fields(): TiffFields {
    return this.#fields ??= readFields(this.#file, this.offset);
  }
}

/** Tags, their types, counts and places one after the other. */
class TiffFields {
  readonly #numbers: Float64Array;

  constructor(numbers: readonly number[]) {
    this.#numbers = Float64Array.from(numbers);
  }

  get(tag: number): TiffField | undefined {
    for (let at = 0; at < this.#numbers.length; at += 4) {
      if (this.#numbers[at] !== tag) continue;
      const [type = 0, count = 0, place = 0] = this.#numbers.subarray(at + 1);
      return { type, count, at: place };
    }
    return undefined;
  }

  has(tag: number): boolean {
    return this.get(tag) !== undefined;
  }
}

function readFields(file: TiffFile, offset: number): TiffFields {
  const count = countOf(file, offset);
  const { wordBytes } = file, step = fieldBytes(file);
  const start = offset + headBytes(file);
  const view = file.view(start, count * step);
  const isLittle = file.littleEndian;
  const word = (at: number): number =>
    file.big
      ? Number(view.getBigUint64(at, isLittle))
      : view.getUint32(at, isLittle);
  const numbers: number[] = [];
  const seen = new Set<number>();
  for (let at = 0; at < view.byteLength; at += step) {
    const tag = view.getUint16(at, isLittle);
    // The first of two tags alike counts, as in libtiff.
    if (!knownTags.has(tag) || seen.has(tag)) continue;
    seen.add(tag);
    const type = view.getUint16(at + 2, isLittle), values = word(at + 4);
    const inPlace = at + 4 + wordBytes;
    const isInPlace = values * (typeBytes[type] ?? 0) <= wordBytes;
    numbers.push(
      tag,
      type,
      values,
      isInPlace ? start + inPlace : word(inPlace),
    );
  }
  return new TiffFields(numbers);
}

/**
 * The numbers of a tag; undefined where the directory lacks it.
 *
 * @param bounds How many there are at most in a right file, and how many of
 * them are wanted; all if not given.
 */
export function numbersOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  { most, only }: { readonly most: number; readonly only?: number },
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
  return numbersOf(file, directory, tag, { most: 65536 })?.[0];
}

/**
 * The bytes of a tag, whatever they mean.
 *
 * @param most More than that are no right file's.
 */
export function bytesOf(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
  most = maxTextBytes,
): Uint8Array | undefined {
  const field = directory.fields.get(tag);
  if (!field) return undefined;
  const length = field.count * (typeBytes[field.type] ?? 0);
  if (length > most) {
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
  return bytes && decodeText(bytes).replace(/\0[^]*$/, "");
}

/**
 * The text of a tag that is not needed: undefined where it leads out of the
 * file or is too long to be one.
 */
export function textWithin(
  file: TiffFile,
  directory: TiffDirectory,
  tag: number,
): string | undefined {
  const field = directory.fields.get(tag);
  if (!field) return undefined;
  const length = field.count * (typeBytes[field.type] ?? 0);
  const isInside = length <= maxTextBytes && field.at + length <= file.size;
  return isInside ? textOf(file, directory, tag) : undefined;
}

/** Text is ASCII by the standard; programs write UTF-8, and older ones Latin-1. */
function decodeText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  return text.includes("\ufffd")
    ? new TextDecoder("latin1").decode(bytes)
    : text;
}
