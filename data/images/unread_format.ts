/**
 * Formats of microscopes' programs that are not read, and the commands that
 * convert them.
 *
 * @module
 */
import { dirname, extname } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import type { ImageFile } from "./image_file.ts";
import { readableFormats } from "./image_format.ts";

/** A format that is recognized and not read. */
export interface UnreadFormat {
  /** For messages, as in "a Nikon ND2 file". */
  readonly words: string;
  /**
   * The plugin with which Python's bioio reads it; without one, Bio-Formats
   * does.
   */
  readonly plugin?: string;
}

/** How a format is recognized. */
interface Row extends UnreadFormat {
  /** The endings of its files, in small letters. */
  readonly endings: readonly string[];
  /** What its first bytes are, whatever it is called. */
  readonly starts?: (bytes: Uint8Array) => boolean;
  /** What its first bytes are where the ending is its own. */
  readonly named?: (bytes: Uint8Array) => boolean;
}

/** First bytes that are looked at. */
export const unreadStartBytes = 512;

const startsWith = (text: string, at = 0) => (bytes: Uint8Array): boolean =>
  [...text].every((sign, index) => bytes[at + index] === sign.charCodeAt(0));

const isOle = startsWith("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
const isHdf5 = startsWith("\x89HDF\r\n\x1a\n");
const isTiff = (bytes: Uint8Array): boolean =>
  startsWith("II*\0")(bytes) || startsWith("MM\0*")(bytes);
const isJpeg2000 = startsWith("\0\0\0\x0cjP  ");

/** Zero, one byte and XML in UTF-16 follow, as in all files of Leica's LAS X. */
const isLeica = (bytes: Uint8Array): boolean =>
  startsWith("\x70\0\0\0")(bytes) && bytes[8] === 0x2a &&
  startsWith("<\0", 13)(bytes);

const rows: readonly Row[] = [
  {
    words: "a Nikon ND2 file",
    endings: [".nd2"],
    plugin: "bioio-nd2",
    starts: startsWith("\xda\xce\xbe\x0a"),
    // Before 2010, ND2 was a file of JPEG 2000.
    named: isJpeg2000,
  },
  {
    words: "a Leica LIF file",
    endings: [".lif"],
    plugin: "bioio-lif",
    starts: isLeica,
  },
  { words: "a Leica LOF file", endings: [".lof"], named: isLeica },
  {
    words: "an Olympus OIR file",
    endings: [".oir"],
    starts: startsWith("OLYMPUSRAWFORMAT"),
  },
  { words: "an Olympus OIB file", endings: [".oib"], named: isOle },
  // A text in UTF-16 beside the folder with the planes.
  {
    words: "an Olympus OIF file",
    endings: [".oif"],
    named: startsWith("\xff\xfe[\0"),
  },
  // A TIFF of the label and an overview; the pixels lie in a folder beside it.
  { words: "an Olympus VSI file", endings: [".vsi"], named: isTiff },
  {
    words: "an Olympus ETS file",
    endings: [".ets"],
    starts: startsWith("SIS\0"),
  },
  { words: "a Zeiss ZVI file", endings: [".zvi"], named: isOle },
  { words: "an Imaris file", endings: [".ims"], named: isHdf5 },
  {
    words: "a DeltaVision file",
    endings: [".dv", ".r3d"],
    plugin: "bioio-dv",
    named: (bytes) =>
      startsWith("\xa0\xc0", 96)(bytes) || startsWith("\xc0\xa0", 96)(bytes),
  },
  {
    words: "an MRC file",
    endings: [".mrc"],
    named: startsWith("MAP ", 208),
  },
  {
    words: "an Imspector file",
    endings: [".obf", ".msr"],
    starts: startsWith("OMAS_BF\n"),
  },
];

/** The endings of files in these formats, with their dots. */
export const unreadEndings: readonly string[] = rows.flatMap(({ endings }) =>
  endings
);

/**
 * Recognizes a format that is not read, by a file's first bytes, and by its
 * name where these do not say enough.
 *
 * @param start The file's first {@linkcode unreadStartBytes}, or all of them.
 * @param name Its name.
 * @returns Undefined where it is none of them.
 */
export function unreadFormatOf(
  start: Uint8Array,
  name: string,
): UnreadFormat | undefined {
  const ending = extname(name).toLowerCase();
  return rows.find(({ endings, named, starts }) =>
    endings.includes(ending) && (named?.(start) || starts?.(start))
  ) ?? rows.find(({ starts }) => starts?.(start));
}

/**
 * Refuses a file in a format that is not read.
 *
 * @param start Its first {@linkcode unreadStartBytes}, or all of them.
 * @param file What messages call it, its name, and where it lies, if it does
 * so on a disk.
 * @throws {FileError} If it is one.
 */
export function requireRead(
  start: Uint8Array,
  { path, name, diskPath }: Pick<ImageFile, "path" | "name" | "diskPath">,
): void {
  const format = unreadFormatOf(start, name);
  if (!format) return;
  throw new FileError(cannot("read", "image", path, {
    found: format.words,
    expected: readableFormats,
    remedy: conversionRemedy(format, diskPath),
  }));
}

/**
 * Words the remedy for an unsupported format: the command that converts the
 * file to OME-Zarr.
 *
 * @param format Whether Python's bioio reads it.
 * @param path The file as a person would name it; a placeholder stands for one
 * in a zip, and for one whose name a shell would not take literally.
 */
export function conversionRemedy(
  { plugin }: Pick<UnreadFormat, "plugin">,
  path: string | undefined,
): string {
  const isPlain = path !== undefined && !/^-|["$`%!\p{Cc}]/u.test(path);
  const file = isPlain ? quoted(path) : "FILE";
  const folder = isPlain ? quoted(dirname(path)) : "FOLDER";
  const zarr = isPlain
    ? quoted(`${path.slice(0, -extname(path).length || undefined)}.zarr`)
    : "FILE.zarr";
  return plugin
    ? `convert it: bioio-convert ${file} -d ${folder} ` +
      `(after pip install bioio-conversion ${plugin})`
    : `convert it: bioformats2raw ${file} ${zarr} ` +
      "(after conda install -c ome bioformats2raw)";
}

/** A path as the shells of all systems take it. */
function quoted(path: string): string {
  return /^[\w.:/\\+=,@-]+$/.test(path) ? path : `"${path}"`;
}
